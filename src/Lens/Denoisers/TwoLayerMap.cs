using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Two linear maps with an activation between, SiLU if nothing is said (diffusers: TimestepEmbedding, PixArtAlphaTextProjection):
/// <c>[..., in] → [..., width]</c>.
/// </summary>
internal sealed class TwoLayerMap : nn.Module<Tensor, Tensor>
{
    private readonly Linear _linear1, _linear2;
    private readonly Func<Tensor, Tensor> _activation;

    public TwoLayerMap(int inputs, int width, Placement placement, string activation = "silu")
        : base(nameof(TwoLayerMap))
    {
        _activation = Activation.Named(activation, "act_fn");
        _linear1 = this.Add("linear_1", new Linear(inputs, width, placement));
        _linear2 = this.Add("linear_2", new Linear(width, width, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return _linear2.forward(_activation(_linear1.forward(input))).MoveToOuterDisposeScope();
    }
}
