using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// Division by the root mean square over the last dimension, then a learned scale; no mean, no shift (transformers: T5LayerNorm):
/// <c>[..., width] → [..., width]</c> in the network's type. Half-precision states are normed in float32.
/// </summary>
internal sealed class T5LayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly double _epsilon;

    public T5LayerNorm(T5Config config, Placement placement)
        : base(nameof(T5LayerNorm))
    {
        _epsilon = config.NormEpsilon;
        _weight = this.AddParameter("weight", placement, config.Width);
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor exact = input.dtype == ScalarType.Float64 ? input : input.@float();
        Tensor size = exact.square().mean([-1], keepdim: true).Plus(_epsilon).rsqrt();
        return exact.mul(size).to(_weight.dtype).mul(_weight).MoveToOuterDisposeScope();
    }
}
