using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>What time does to the branches of FLUX.2's blocks: one linear map for all blocks of a kind.</summary>
internal sealed class Flux2Modulation : nn.Module
{
    private const int Parts = 3;

    private readonly Linear _linear;
    private readonly int _branches;

    /// <param name="width">Width of the tokens.</param>
    /// <param name="branches">Two: attention, then feed-forward; one where a block computes both at once.</param>
    /// <param name="placement">Where and in which type.</param>
    public Flux2Modulation(int width, int branches, Placement placement)
        : base(nameof(Flux2Modulation))
    {
        _branches = branches;
        _linear = this.Add("linear", new Linear(width, Parts * branches * width, placement, bias: false));
    }

    /// <summary>Of the activated time embedding, <c>[B, width]</c>: one for each branch, of the caller's dispose scope.</summary>
    public BranchModulation[] Of(Tensor activatedTime)
        => [.. _linear.forward(activatedTime).unsqueeze(1).chunk(Parts * _branches, -1).Chunk(Parts)
            .Select(part => new BranchModulation(part[0], part[1], part[2]))];
}

/// <summary>How a branch's input is changed and how much of its output is added.</summary>
/// <param name="Shift"><c>[B, 1, width]</c>.</param>
/// <param name="Scale"><c>[B, 1, width]</c>.</param>
/// <param name="Gate"><c>[B, 1, width]</c>.</param>
internal sealed record BranchModulation(Tensor Shift, Tensor Scale, Tensor Gate)
{
    /// <summary>Layer norm without weights, then <c>(1 + scale) x + shift</c>: <c>[B, T, width] → [B, T, width]</c>.</summary>
    public Tensor Normed(Tensor tokens, double epsilon)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor normed = nn.functional.layer_norm(tokens, [tokens.shape[^1]], null, null, epsilon);
        return normed.mul(Scale.Plus(1)).Plus(Shift).MoveToOuterDisposeScope();
    }

    /// <summary><c>x + gate · branch</c>.</summary>
    public Tensor Added(Tensor tokens, Tensor branch)
    {
        using DisposeScope scope = NewDisposeScope();
        return tokens.Plus(branch.mul(Gate)).MoveToOuterDisposeScope();
    }
}
