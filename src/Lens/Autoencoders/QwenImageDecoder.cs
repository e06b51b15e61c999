using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>The decoder half of Qwen-Image's autoencoder, of one frame: <c>[B, latent, h, w] → [B, 3, H, W]</c>.</summary>
internal sealed class QwenImageDecoder : nn.Module<Tensor, Tensor>
{
    private readonly FrameConv _in, _out;
    private readonly QwenImageMiddle _middle;
    private readonly IReadOnlyList<Level> _levels;
    private readonly ChannelNorm _norm;

    public QwenImageDecoder(AutoencoderKLQwenImageConfig config, Placement placement)
        : base(nameof(QwenImageDecoder))
    {
        int[] widths = [.. config.Widths.Reverse()];
        _in = this.Add("conv_in", new FrameConv(config.LatentChannels, widths[0], 3, placement));
        _middle = this.Add("mid_block", new QwenImageMiddle(widths[0], placement));

        // What comes from the level before was halved on its way up.
        _levels = this.AddList("up_blocks", widths.Select((width, i) => new Level(
            i == 0 ? width : widths[i - 1] / 2, width, config.LayersPerLevel + 1, isLast: i == widths.Length - 1, placement)));
        _norm = this.Add("norm_out", new ChannelNorm(widths[^1], ofVideo: true, placement));
        _out = this.Add("conv_out", new FrameConv(widths[^1], 3, 3, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _middle.forward(_in.forward(input));
        foreach (Level level in _levels)
        {
            h = level.forward(h);
        }

        return _out.forward(nn.functional.silu(_norm.forward(h))).MoveToOuterDisposeScope();
    }

    private sealed class Level : nn.Module<Tensor, Tensor>
    {
        private readonly IReadOnlyList<QwenImageResnet> _resnets;
        private readonly IReadOnlyList<QwenImageResample> _upsamplers;

        public Level(int inputs, int outputs, int layers, bool isLast, Placement placement)
            : base(nameof(Level))
        {
            _resnets = this.AddList("resnets", Enumerable.Range(0, layers)
                .Select(i => new QwenImageResnet(i == 0 ? inputs : outputs, outputs, placement)));
            _upsamplers = this.AddList<QwenImageResample>("upsamplers", isLast ? [] : [QwenImageResample.Up(outputs, placement)]);
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor h = _resnets.Aggregate(input, (x, resnet) => resnet.forward(x));
            return _upsamplers.Aggregate(h, (x, up) => up.forward(x)).MoveToOuterDisposeScope();
        }
    }
}
