using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>
/// Division by the root mean square over the last dimension, then a learned scale; no mean, no shift (arXiv 1910.07467):
/// <c>[..., width] → [..., width]</c> in the network's type. Half-precision states are normed in float32.
/// </summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly double _epsilon;

    public RmsNorm(long width, double epsilon, Placement placement)
        : base(nameof(RmsNorm))
    {
        _epsilon = epsilon;
        _weight = this.AddParameter("weight", placement, width);
    }

    /// <summary>The same with a weight of its own.</summary>
    public RmsNorm Copy()
    {
        using IDisposable noGradients = no_grad();
        RmsNorm copy = new(_weight.shape[0], _epsilon, new Placement(_weight.dtype, _weight.device));
        _ = copy._weight.copy_(_weight);
        return copy;
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor exact = input.dtype == ScalarType.Float64 ? input : input.@float();
        Tensor size = exact.Squared().mean([-1], keepdim: true).Plus(_epsilon).rsqrt();
        return exact.mul(size).to(_weight.dtype).mul(_weight).MoveToOuterDisposeScope();
    }
}
