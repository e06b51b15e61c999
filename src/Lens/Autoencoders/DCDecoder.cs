using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>
/// The decoder half: <c>[B, latent, h, w] → [B, 3, H, W]</c>. Its stages count as the encoder's do, so the last runs first.
/// </summary>
internal sealed class DCDecoder : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _in;
    private readonly IReadOnlyList<DCSequence> _stages;
    private readonly ChannelRmsNorm _norm;
    private readonly nn.Module<Tensor, Tensor> _out;
    private readonly AutoencoderDCConfig _config;

    public DCDecoder(AutoencoderDCConfig config, Placement placement)
        : base(nameof(DCDecoder))
    {
        const int Pixel = 3;
        _config = config;
        IReadOnlyList<DCStage> stages = config.Decoder;
        _in = this.Add("conv_in", new Conv2d(config.LatentChannels, stages[^1].Width, 3, placement, padding: 1));
        _stages = this.AddList("up_blocks", stages.Select((stage, i) => new DCSequence(
        [
            .. i < stages.Count - 1 && stage.Layers > 0
                ? new[] { new DCUpsample(stages[i + 1].Width, stage.Width, config.Shuffles, hasShortcut: true, placement) }
                : [],
            .. DCSequence.Blocks(stage, config.HeadWidth, placement),
        ])));
        bool isWhole = stages[0].Layers > 0;
        int last = stages[isWhole ? 0 : 1].Width;
        _norm = this.Add("norm_out", new ChannelRmsNorm(last, placement));
        _out = this.Add<nn.Module<Tensor, Tensor>>("conv_out", isWhole
            ? new Conv2d(last, Pixel, 3, placement, padding: 1)
            : new DCUpsample(last, Pixel, config.Shuffles, hasShortcut: false, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _in.forward(input);
        h = _config.DecoderShortcut ? h.Plus(DCShortcut.Repeated(input, _config.Decoder[^1].Width)) : h;
        h = _stages.Reverse().Aggregate(h, (x, stage) => stage.forward(x));
        return _out.forward(_norm.forward(h).relu()).MoveToOuterDisposeScope();
    }
}
