using DiffusionLens.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>A table of vectors: ids <c>[...]</c> (int64) → <c>[..., width]</c>.</summary>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;

    public Embedding(long count, long width, Placement placement)
        : base(nameof(Embedding)) => _weight = this.AddParameter("weight", placement, count, width);

    public override Tensor forward(Tensor input)
    {
        using Tensor flat = input.flatten();
        using Tensor rows = _weight.index_select(0, flat);
        return rows.view([.. input.shape, _weight.shape[1]]);
    }
}
