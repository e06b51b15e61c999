using DiffusionLens.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>Layer normalization over the last dimension: <c>[..., width] → [..., width]</c>.</summary>
internal sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long[] _shape;
    private readonly double _epsilon;

    public LayerNorm(long width, double epsilon, Placement placement)
        : base(nameof(LayerNorm))
    {
        _shape = [width];
        _epsilon = epsilon;
        _weight = this.AddParameter("weight", placement, width);
        _bias = this.AddParameter("bias", placement, width);
    }

    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, _shape, _weight, _bias, _epsilon);
}
