using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>Group normalization with a learned scale and shift for each channel: <c>[B, C, ...] → [B, C, ...]</c>.</summary>
internal sealed class GroupNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long _groups;
    private readonly double _epsilon;

    public GroupNorm(long groups, long channels, double epsilon, Placement placement)
        : base(nameof(GroupNorm))
    {
        _groups = groups;
        _epsilon = epsilon;
        _weight = this.AddParameter("weight", placement, channels);
        _bias = this.AddParameter("bias", placement, channels);
    }

    public override Tensor forward(Tensor input)
        => input.dim() == 4 && Kernels.For(_weight).NormsOneByOne(input) ? OneByOne(input) : Normed(input);

    private Tensor Normed(Tensor input) => nn.functional.group_norm(input, _groups, _weight, _bias, _epsilon);

    private Tensor OneByOne(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return cat([.. input.split(1).Select(Normed)], 0).MoveToOuterDisposeScope();
    }
}
