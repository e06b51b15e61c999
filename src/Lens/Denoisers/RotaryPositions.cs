using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Positions of tokens as rotations of pairs of values, each axis in a share of a head's width (RoPE, arXiv 2104.09864): value pair i of
/// an axis of width w is turned by <c>position · theta^(-2i / w)</c>. No dispose scope but the caller's owns it.
/// </summary>
/// <param name="Cosine">Of each token's angles, <c>[T, d / 2]</c>.</param>
/// <param name="Sine">Likewise.</param>
internal sealed record RotaryPositions(Tensor Cosine, Tensor Sine)
{
    /// <param name="ids">Where each token is on each axis, <c>[T, axes]</c>.</param>
    /// <param name="axisWidths">How much of a head's width an axis has, each even; together all of it.</param>
    /// <param name="theta">What the angles' periods grow by.</param>
    /// <param name="dtype">The network's type; half-precision ones turn in float32.</param>
    public static RotaryPositions Of(Tensor ids, IReadOnlyList<int> axisWidths, double theta, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        ScalarType exact = dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        Tensor angles = cat([.. axisWidths.Select(Angles)], -1);
        return new RotaryPositions(
            angles.cos().to(exact).MoveToOuterDisposeScope(), angles.sin().to(exact).MoveToOuterDisposeScope());

        Tensor Angles(int width, int axis)
        {
            Tensor exponents = arange(0, width, 2, ScalarType.Float64, ids.device).Times(-Math.Log(theta) / width);
            return ids.select(1, axis).to(ScalarType.Float64).unsqueeze(1).mul(exponents.exp().unsqueeze(0));
        }
    }

    /// <summary>Gives the angles to the scope around the caller's.</summary>
    public RotaryPositions MoveToOuterDisposeScope()
    {
        Cosine.MoveToOuterDisposeScope();
        Sine.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Turns each pair of neighboring values: <c>[B, heads, T, d] → [B, heads, T, d]</c>.</summary>
    public Tensor Turn(Tensor heads)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pairs = heads.to(Cosine.dtype).unflatten(heads.Dimensions - 1, -1, 2);
        Tensor first = pairs.select(-1, 0), second = pairs.select(-1, 1);
        Tensor turned = stack([first.mul(Cosine).sub(second.mul(Sine)), first.mul(Sine).Plus(second.mul(Cosine))], -1);
        return turned.flatten(-2).to(heads.dtype).MoveToOuterDisposeScope();
    }
}
