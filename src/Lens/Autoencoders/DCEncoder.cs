using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>The encoder half: <c>[B, 3, H, W] → [B, latent, h, w]</c>.</summary>
internal sealed class DCEncoder : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _in;
    private readonly IReadOnlyList<DCSequence> _stages;
    private readonly Conv2d _out;
    private readonly AutoencoderDCConfig _config;

    public DCEncoder(AutoencoderDCConfig config, Placement placement)
        : base(nameof(DCEncoder))
    {
        const int Pixel = 3;
        _config = config;
        IReadOnlyList<DCStage> stages = config.Encoder;
        _in = this.Add<nn.Module<Tensor, Tensor>>("conv_in", stages[0].Layers > 0
            ? new Conv2d(Pixel, stages[0].Width, 3, placement, padding: 1)
            : new DCDownsample(Pixel, stages[1].Width, config.Unshuffles, hasShortcut: false, placement));
        _stages = this.AddList("down_blocks", stages.Select((stage, i) => new DCSequence(
        [
            .. DCSequence.Blocks(stage, config.HeadWidth, placement),
            .. i < stages.Count - 1 && stage.Layers > 0
                ? new[] { new DCDownsample(stage.Width, stages[i + 1].Width, config.Unshuffles, hasShortcut: true, placement) }
                : [],
        ])));
        _out = this.Add("conv_out", new Conv2d(stages[^1].Width, config.LatentChannels, 3, placement, padding: 1));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _stages.Aggregate(_in.forward(input), (x, stage) => stage.forward(x));
        Tensor latents = _out.forward(h);
        return (_config.EncoderShortcut ? latents.Plus(DCShortcut.Means(h, _config.LatentChannels)) : latents).MoveToOuterDisposeScope();
    }
}
