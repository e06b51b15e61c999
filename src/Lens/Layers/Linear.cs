using DiffusionLens.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary><c>x Wᵀ + b</c> over the last dimension: <c>[..., in] → [..., out]</c>.</summary>
internal sealed class Linear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;

    public Linear(long inputs, long outputs, Placement placement, bool bias = true)
        : base(nameof(Linear))
    {
        _weight = this.AddParameter("weight", placement, outputs, inputs);
        _bias = bias ? this.AddParameter("bias", placement, outputs) : null;
    }

    public override Tensor forward(Tensor input) => LinearMap.Of(input, _weight, _bias);
}
