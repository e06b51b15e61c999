using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>Two linear maps with SiLU between (diffusers: TimestepEmbedding): <c>[B, in] → [B, width]</c>.</summary>
internal sealed class TwoLayerMap : nn.Module<Tensor, Tensor>
{
    private readonly Linear _linear1, _linear2;

    public TwoLayerMap(int inputs, int width, Placement placement)
        : base(nameof(TwoLayerMap))
    {
        _linear1 = this.Add("linear_1", new Linear(inputs, width, placement));
        _linear2 = this.Add("linear_2", new Linear(width, width, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return _linear2.forward(nn.functional.silu(_linear1.forward(input))).MoveToOuterDisposeScope();
    }
}
