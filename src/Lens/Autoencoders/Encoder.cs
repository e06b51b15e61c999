using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>The encoder half: <c>[B, 3, H, W] → [B, 2 · latent, h, w]</c>.</summary>
internal sealed class Encoder : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _in, _out;
    private readonly IReadOnlyList<DownEncoderBlock2D> _blocks;
    private readonly AutoencoderMidBlock _middle;
    private readonly GroupNorm _norm;

    public Encoder(AutoencoderKLConfig config, Placement placement)
        : base(nameof(Encoder))
    {
        IReadOnlyList<int> widths = config.BlockOutChannels;
        ResnetOptions resnets = AutoencoderMidBlock.Resnets(config);
        _in = this.Add("conv_in", new Conv2d(config.InChannels, widths[0], 3, placement, padding: 1));
        _blocks = this.AddList("down_blocks", widths.Select((width, i) => new DownEncoderBlock2D(
            widths[Math.Max(i - 1, 0)], width, config.LayersPerBlock, downsample: i < widths.Count - 1, resnets, placement)));
        _middle = this.Add("mid_block", new AutoencoderMidBlock(widths[^1], resnets, placement));
        _norm = this.Add("conv_norm_out", new GroupNorm(resnets.Groups, widths[^1], resnets.Epsilon, placement));
        _out = this.Add("conv_out", new Conv2d(widths[^1], 2 * config.LatentChannels, 3, placement, padding: 1));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _in.forward(input);
        foreach (DownEncoderBlock2D block in _blocks)
        {
            h = block.forward(h);
        }

        h = nn.functional.silu(_norm.forward(_middle.forward(h)));
        return _out.forward(h).MoveToOuterDisposeScope();
    }

    private sealed class DownEncoderBlock2D : nn.Module<Tensor, Tensor>
    {
        private readonly IReadOnlyList<ResnetBlock2D> _resnets;
        private readonly IReadOnlyList<PaddedDownsample> _downsamplers;

        public DownEncoderBlock2D(int inputs, int outputs, int layers, bool downsample, ResnetOptions options, Placement placement)
            : base(nameof(DownEncoderBlock2D))
        {
            _resnets = this.AddList("resnets", Enumerable.Range(0, layers)
                .Select(i => new ResnetBlock2D(i == 0 ? inputs : outputs, outputs, options, placement)));
            _downsamplers = this.AddList<PaddedDownsample>("downsamplers", downsample ? [new PaddedDownsample(outputs, placement)] : []);
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor h = _resnets.Aggregate(input, (x, resnet) => resnet.forward(x, null));
            return _downsamplers.Aggregate(h, (x, down) => down.forward(x)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Half the size, padded at the right and the bottom alone (the denoiser's pads all around).</summary>
    private sealed class PaddedDownsample : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _conv;

        public PaddedDownsample(int channels, Placement placement)
            : base(nameof(PaddedDownsample)) => _conv = this.Add("conv", new Conv2d(channels, channels, 3, placement, stride: 2));

        public override Tensor forward(Tensor input)
        {
            using Tensor padded = nn.functional.pad(input, [0, 1, 0, 1]);
            return _conv.forward(padded);
        }
    }
}
