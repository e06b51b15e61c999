using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>
/// A causal convolution over space and time where there is one frame: <c>[B, in, H, W] → [B, out, H, W]</c>. The frames before it are
/// empty, so of each kernel the last slice in time alone counts.
/// </summary>
internal sealed class FrameConv : nn.Module<Tensor, Tensor>
{
    private static readonly long[] Stride = [1, 1];

    private readonly Parameter _weight, _bias;
    private readonly long[] _padding;

    /// <param name="inputs">Channels that come in.</param>
    /// <param name="outputs">Channels that go out.</param>
    /// <param name="kernel">Length of the kernels in all three directions, odd.</param>
    /// <param name="placement">Where and in which type.</param>
    public FrameConv(long inputs, long outputs, int kernel, Placement placement)
        : base(nameof(FrameConv))
    {
        _weight = this.AddParameter("weight", placement, outputs, inputs, kernel, kernel, kernel);
        _bias = this.AddParameter("bias", placement, outputs);
        _padding = [kernel / 2, kernel / 2];
    }

    public override Tensor forward(Tensor input)
    {
        using Tensor last = _weight.select(2, -1);
        return Layers.Conv2d.Convolved(input, last, _bias, Stride, _padding);
    }
}
