using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>The decoder half: <c>[B, latent, h, w] → [B, 3, H, W]</c>.</summary>
internal sealed class Decoder : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _in, _out;
    private readonly AutoencoderMidBlock _middle;
    private readonly IReadOnlyList<UpDecoderBlock2D> _blocks;
    private readonly GroupNorm _norm;

    public Decoder(AutoencoderKLConfig config, Placement placement)
        : base(nameof(Decoder))
    {
        int[] widths = [.. config.DecoderBlockOutChannels.Reverse()];
        ResnetOptions resnets = AutoencoderMidBlock.Resnets(config);
        _in = this.Add("conv_in", new Conv2d(config.LatentChannels, widths[0], 3, placement, padding: 1));
        _middle = this.Add("mid_block", new AutoencoderMidBlock(widths[0], resnets, placement));
        _blocks = this.AddList("up_blocks", widths.Select((width, i) => new UpDecoderBlock2D(
            widths[Math.Max(i - 1, 0)], width, config.LayersPerBlock + 1, upsample: i < widths.Length - 1, resnets, placement)));
        _norm = this.Add("conv_norm_out", new GroupNorm(resnets.Groups, widths[^1], resnets.Epsilon, placement));
        _out = this.Add("conv_out", new Conv2d(widths[^1], config.OutChannels, 3, placement, padding: 1));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _middle.forward(_in.forward(MapLayout.ForConvolving(input)));
        foreach (UpDecoderBlock2D block in _blocks)
        {
            h = block.forward(MapLayout.ForConvolving(h));
        }

        return _out.forward(nn.functional.silu(_norm.forward(h))).contiguous().MoveToOuterDisposeScope();
    }

    private sealed class UpDecoderBlock2D : nn.Module<Tensor, Tensor>
    {
        private readonly IReadOnlyList<ResnetBlock2D> _resnets;
        private readonly IReadOnlyList<Upsample2D> _upsamplers;

        public UpDecoderBlock2D(int inputs, int outputs, int layers, bool upsample, ResnetOptions options, Placement placement)
            : base(nameof(UpDecoderBlock2D))
        {
            _resnets = this.AddList("resnets", Enumerable.Range(0, layers)
                .Select(i => new ResnetBlock2D(i == 0 ? inputs : outputs, outputs, options, placement)));
            _upsamplers = this.AddList<Upsample2D>("upsamplers", upsample ? [new Upsample2D(outputs, placement)] : []);
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor h = _resnets.Aggregate(input, (x, resnet) => resnet.forward(x, null));
            return _upsamplers.Aggregate(h, (x, up) => up.forward(x)).MoveToOuterDisposeScope();
        }
    }
}
