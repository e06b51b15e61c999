using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>Sines and cosines of a number at falling frequencies (diffusers: get_timestep_embedding).</summary>
/// <param name="Width">How many there are, even.</param>
/// <param name="FrequencyShift">What is taken from the divisor of the exponents (<c>downscale_freq_shift</c>).</param>
/// <param name="CosineFirst">Cosines come before sines (<c>flip_sin_to_cos</c>).</param>
internal readonly record struct Sinusoids(int Width, double FrequencyShift = 0, bool CosineFirst = true)
{
    private const double LongestPeriod = 10_000;

    /// <summary>
    /// Sines and cosines of <c>t · 10000^(-i / (half - shift))</c>. Half-precision networks get them from float32, in which diffusers
    /// computes them always; a float64 network gets them from float64.
    /// </summary>
    /// <param name="numbers">One for each sample, <c>[B]</c>, fractions allowed.</param>
    /// <param name="dtype">The network's type.</param>
    /// <returns><c>[B, Width]</c> in <paramref name="dtype"/>.</returns>
    public Tensor Of(Tensor numbers, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        ScalarType exact = dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        int half = Width / 2;
        Tensor exponents = arange(half, dtype: exact, device: numbers.device).Times(-Math.Log(LongestPeriod) / (half - FrequencyShift));
        Tensor angles = numbers.to(exact).unsqueeze(-1).mul(exponents.exp().unsqueeze(0));
        Tensor both = CosineFirst ? cat([angles.cos(), angles.sin()], -1) : cat([angles.sin(), angles.cos()], -1);
        return both.to(dtype).MoveToOuterDisposeScope();
    }
}
