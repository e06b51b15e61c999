using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>
/// A gated feed-forward layer that also looks at neighboring places (SANA's mix-FFN, arXiv 2410.10629; diffusers: GLUMBConv):
/// <c>[B, C, H, W] → [B, C, H, W]</c>. Half of what the depthwise convolution gives is the other half's gate.
/// </summary>
internal sealed class MixFeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _inverted, _depth, _point;
    private readonly ChannelRmsNorm? _norm;

    /// <param name="channels">C.</param>
    /// <param name="inner">Width of each half.</param>
    /// <param name="norms">Whether a norm comes last.</param>
    /// <param name="placement">Where and in which type.</param>
    public MixFeedForward(int channels, int inner, bool norms, Placement placement)
        : base(nameof(MixFeedForward))
    {
        _inverted = this.Add("conv_inverted", new Conv2d(channels, 2 * inner, 1, placement));
        _depth = this.Add("conv_depth", new Conv2d(2 * inner, 2 * inner, 3, placement, padding: 1, groups: 2 * inner));
        _point = this.Add("conv_point", new Conv2d(inner, channels, 1, placement, bias: false));
        _norm = norms ? this.Add("norm", new ChannelRmsNorm(channels, placement)) : null;
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] halves = _depth.forward(nn.functional.silu(_inverted.forward(input), inplace: true)).chunk(2, 1);
        Tensor output = _point.forward(nn.functional.silu(halves[1]).mul_(halves[0]));
        return (_norm is null ? output : _norm.forward(output)).MoveToOuterDisposeScope();
    }
}
