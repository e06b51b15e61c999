using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>
/// Division by the root mean square over the last dimension, then times one plus a learned weight (transformers: Gemma2RMSNorm):
/// <c>[..., width] → [..., width]</c> in the type that comes in. Half-precision states are normed and scaled in float32.
/// </summary>
internal sealed class UnitOffsetRmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly double _epsilon;

    public UnitOffsetRmsNorm(long width, double epsilon, Placement placement)
        : base(nameof(UnitOffsetRmsNorm))
    {
        _epsilon = epsilon;
        _weight = this.AddParameter("weight", placement, width);
    }

    /// <summary>The same with a weight of its own.</summary>
    public UnitOffsetRmsNorm Copy()
    {
        using IDisposable noGradients = no_grad();
        UnitOffsetRmsNorm copy = new(_weight.shape[0], _epsilon, new Placement(_weight.dtype, _weight.device));
        _ = copy._weight.copy_(_weight);
        return copy;
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor exact = input.dtype == ScalarType.Float64 ? input : input.@float();
        Tensor size = exact.Squared().mean([-1], keepdim: true).Plus(_epsilon).rsqrt();
        return exact.mul(size).mul(_weight.to(exact.dtype).Plus(1)).to(input.dtype).MoveToOuterDisposeScope();
    }
}
