namespace DiffusionLens.Schedulers;

/// <summary>A sample x = α · image + σ · noise; α² + σ² = 1, or α + σ = 1 in a rectified flow.</summary>
/// <param name="Alpha">α, 0..1: how much of the image.</param>
/// <param name="Sigma">σ, 0..1: how much noise.</param>
internal readonly record struct NoiseLevel(double Alpha, double Sigma)
{
    /// <summary>λ = log(α / σ): half the logarithm of the signal-to-noise ratio.</summary>
    public double Lambda => Math.Log(Alpha) - Math.Log(Sigma);

    /// <summary>From ᾱ = α².</summary>
    public static NoiseLevel FromAlphaCumprod(double alpha) => new(Math.Sqrt(alpha), Math.Sqrt(1 - alpha));

    /// <summary>From σ / α, as a sigma table has it.</summary>
    public static NoiseLevel FromRatio(double ratio)
    {
        double alpha = 1 / Math.Sqrt((ratio * ratio) + 1);
        return new NoiseLevel(alpha, ratio * alpha);
    }

    /// <summary>From a rectified flow's σ.</summary>
    public static NoiseLevel FromFlow(double sigma) => new(1 - sigma, sigma);
}
