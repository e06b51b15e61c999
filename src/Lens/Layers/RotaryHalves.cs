using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>
/// Positions as rotations (RoPE, arXiv 2104.09864) in the arrangement of language models: value j of a head and value j + d/2 are turned
/// together, at position t by <c>t · theta^(-2j / d)</c>. The dispose scope that was open when it was made owns it.
/// </summary>
/// <param name="Cosine">Of each position's angles, <c>[T, d / 2]</c>.</param>
/// <param name="Sine">Likewise.</param>
internal sealed record RotaryHalves(Tensor Cosine, Tensor Sine)
{
    /// <summary>Positions 0 to <paramref name="length"/> - 1.</summary>
    /// <param name="length">T.</param>
    /// <param name="headWidth">d, even.</param>
    /// <param name="theta">What the angles' periods grow by.</param>
    /// <param name="placement">The network's; half-precision ones turn in float32.</param>
    public static RotaryHalves Of(long length, int headWidth, double theta, Placement placement)
    {
        using DisposeScope scope = NewDisposeScope();
        ScalarType exact = placement.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        Tensor exponents = arange(0, headWidth, 2, ScalarType.Float64, placement.Device).Times(-Math.Log(theta) / headWidth);
        Tensor angles = arange(length, ScalarType.Float64, placement.Device).unsqueeze(1).mul(exponents.exp().unsqueeze(0));
        return new RotaryHalves(
            angles.cos().to(exact).MoveToOuterDisposeScope(), angles.sin().to(exact).MoveToOuterDisposeScope());
    }

    /// <summary><c>[B, heads, T, d] → [B, heads, T, d]</c>, in the type that came in.</summary>
    public Tensor Turn(Tensor heads)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] halves = heads.to(Cosine.dtype).chunk(2, -1);
        Tensor first = halves[0].mul(Cosine).sub(halves[1].mul(Sine)), second = halves[1].mul(Cosine).Plus(halves[0].mul(Sine));
        return cat([first, second], -1).to(heads.dtype).MoveToOuterDisposeScope();
    }
}
