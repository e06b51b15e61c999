using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>
/// The end of a sigma table as torch and numpy compute it in float32, bit for bit: its rounding decides a timestep
/// (<see cref="SigmaTable.WholeTimestep"/>).
/// </summary>
internal static class Float32Table
{
    /// <summary>Whether float32 rounds the logarithm of the largest σ up.</summary>
    /// <param name="config">Says the noise schedule.</param>
    /// <param name="defaults">As in <see cref="NoiseSchedule.AlphasCumprod"/>.</param>
    /// <param name="endsInNoise">Whether the last ᾱ was set to <see cref="SigmaTable.SmallestAlpha"/>.</param>
    public static bool EndFallsShort(ConfigReader config, BetaDefaults defaults, bool endsInNoise)
    {
        float alpha = endsInNoise ? (float)SigmaTable.SmallestAlpha : LastAlphaCumprod(config, defaults);
        double logarithm = Math.Log(MathF.Sqrt((1 - alpha) / alpha));
        return (float)logarithm > logarithm;
    }

    /// <summary>The last ᾱ: torch rounds each β and 1 - β, but multiplies them in float64.</summary>
    public static float LastAlphaCumprod(ConfigReader config, BetaDefaults defaults)
        => (float)Betas(config, defaults).Aggregate(1.0, (product, beta) => product * (1 - beta));

    private static IEnumerable<float> Betas(ConfigReader config, BetaDefaults defaults)
    {
        int count = NoiseSchedule.TrainingSteps(config);
        double start = config.Number("beta_start", defaults.Start, NoiseSchedule.Beta);
        double end = config.Number("beta_end", defaults.End, NoiseSchedule.Beta);
        return config.Has("trained_betas") ? Rounded()
            : config.Text("beta_schedule", defaults.Schedule) switch
            {
                BetaDefaults.Linear => Even((float)start, (float)end, count),
                BetaDefaults.ScaledLinear => Even((float)Math.Sqrt(start), (float)Math.Sqrt(end), count).Select(root => root * root),
                _ => Rounded(),
            };

        IEnumerable<float> Rounded() => NoiseSchedule.Betas(config, defaults).Select(beta => (float)beta);
    }

    /// <summary>torch's linspace: from both ends to the middle, each step one fused multiplication and addition.</summary>
    private static IEnumerable<float> Even(float first, float last, int count)
    {
        float step = (last - first) / (count - 1);
        return Enumerable.Range(0, count).Select(i => i < count / 2
            ? MathF.FusedMultiplyAdd(step, i, first)
            : MathF.FusedMultiplyAdd(-step, count - 1 - i, last));
    }
}
