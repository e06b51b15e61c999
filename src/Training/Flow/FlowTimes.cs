using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace Training.Flow;

/// <summary>At which times a flow is learned: 0 is the image, 1 is noise.</summary>
internal static class FlowTimes
{
    /// <summary>
    /// Logit-normal times (arXiv 2403.03206), one in each of as many equally likely parts as there are samples, then shifted as the
    /// scheduler shifts the levels of noise at which it samples: <c>s t / (1 + (s - 1) t)</c>.
    /// </summary>
    /// <param name="samples">How many.</param>
    /// <param name="shift">s, above 0.</param>
    /// <param name="generator">Where the chance comes from.</param>
    /// <returns><c>[samples]</c> float32, rising, inside 0..1.</returns>
    public static Tensor Spread(long samples, double shift, Generator generator)
    {
        // The outermost values of a normal that float32 still tells from 0 and 1.
        const double Least = 1e-4;
        Tensor share = arange(samples, ScalarType.Float32).Plus(rand(samples, generator: generator)).Times(1.0 / samples);
        Tensor normal = share.ClampTo(Least, 1 - Least).Times(2).Plus(-1).erfinv().Times(Math.Sqrt(2));
        return normal.Plus(Math.Log(shift)).sigmoid();
    }
}
