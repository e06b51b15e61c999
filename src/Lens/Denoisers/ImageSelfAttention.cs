using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>The image's attention to itself, beside the joint one (SD 3.5 medium): <c>[B, T, width] → [B, T, width]</c>.</summary>
internal sealed class ImageSelfAttention : nn.Module<Tensor, Tensor>
{
    private readonly HeadProjection _heads;
    private readonly IReadOnlyList<Linear> _out;

    public ImageSelfAttention(JointBlockShape shape, Placement placement)
        : base(nameof(ImageSelfAttention))
    {
        _heads = HeadProjection.OfImage(this, shape, placement);
        _out = this.AddList("to_out", [new Linear(shape.Width, shape.Width, placement)]);
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mixed = HeadAttention.Attend(_heads.Query(input), _heads.Key(input), _heads.Value(input));
        return _out[0].forward(mixed).MoveToOuterDisposeScope();
    }
}
