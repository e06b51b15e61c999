using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>
/// How much of the image is left at each training step: ᾱ_t = Π_{s ≤ t} (1 - β_s), in float64 (DDPM, arXiv 2006.11239).
/// </summary>
internal static class NoiseSchedule
{
    /// <summary>The largest β of schedules that are given by ᾱ and would otherwise end at 1.</summary>
    private const double LargestBeta = 0.999;

    /// <summary>What a β may be: neither no noise at all nor nothing else.</summary>
    internal static readonly NumberRange Beta = new(1e-9, 0.9999);

    /// <summary>As little of the image must be left at the end, that what is computed with it stays finite in float32.</summary>
    private const double LeastAlpha = 1e-20;

    /// <summary>ᾱ_t for t = 0 ... <c>num_train_timesteps</c> - 1, falling.</summary>
    /// <param name="config">Says <c>beta_schedule</c>, <c>beta_start</c>, <c>beta_end</c>, or the <c>trained_betas</c> themselves.</param>
    /// <param name="defaults">What the class takes where the config says nothing; null: DDPM's.</param>
    /// <exception cref="BadInputException">The schedule is none that the class knows.</exception>
    public static double[] AlphasCumprod(SchedulerConfig config, BetaDefaults? defaults = null)
    {
        double product = 1;
        double[] alphas = [.. Betas(config.Reader, defaults ?? BetaDefaults.Ddpm).Select(beta => product *= 1 - beta)];
        return product >= LeastAlpha ? alphas : throw config.Reader.Error(FormattableString.Invariant(
            $"beta_start, beta_end or trained_betas are too large: of the image {product} is left at the end; {LeastAlpha} must be"));
    }

    /// <summary>
    /// <see cref="AlphasCumprod"/>, rescaled where the config says <c>rescale_betas_zero_snr</c>: √ᾱ is shifted and stretched so that
    /// it starts where it did and ends at 0, pure noise (arXiv 2305.08891, algorithm 1).
    /// </summary>
    /// <param name="config">As in <see cref="AlphasCumprod"/>.</param>
    /// <param name="defaults">As in <see cref="AlphasCumprod"/>.</param>
    public static double[] RescaledAlphasCumprod(SchedulerConfig config, BetaDefaults? defaults = null)
    {
        double[] alphas = AlphasCumprod(config, defaults);
        if (!RescalesToZeroSnr(config))
        {
            return alphas;
        }

        double first = Math.Sqrt(alphas[0]), last = Math.Sqrt(alphas[^1]);
        return [.. alphas.Select(alpha => Math.Pow((Math.Sqrt(alpha) - last) * first / (first - last), 2))];
    }

    internal static int TrainingSteps(ConfigReader config) => config.Int("num_train_timesteps", 1000, 2, Most.TrainingSteps);

    /// <summary>Refuses numbers that no sampler can work with, whichever it will be.</summary>
    /// <exception cref="BadInputException">They are such.</exception>
    internal static void Require(SchedulerConfig config)
    {
        string[] others = [BetaDefaults.Exponential, BetaDefaults.Sigmoid];
        _ = AlphasCumprod(config, BetaDefaults.Ddpm with { Known = [.. BetaDefaults.Ddpm.Known, .. others] });
    }

    internal static bool RescalesToZeroSnr(SchedulerConfig config) => config.Reader.Flag("rescale_betas_zero_snr", false);

    /// <summary>β_t for t = 0 ... <c>num_train_timesteps</c> - 1.</summary>
    internal static IEnumerable<double> Betas(ConfigReader config, BetaDefaults defaults)
    {
        int count = TrainingSteps(config);
        double[] trained = config.Numbers("trained_betas", [], Beta);
        if (trained.Length > 0)
        {
            return trained.Length == count
                ? trained
                : throw config.Error($"trained_betas has {trained.Length} values; num_train_timesteps says {count}");
        }

        double start = config.Number("beta_start", defaults.Start, Beta), end = config.Number("beta_end", defaults.End, Beta);
        return config.OneOf("beta_schedule", defaults.Schedule, [.. defaults.Known]) switch
        {
            BetaDefaults.Linear => Spacing.Even(start, end, count),
            BetaDefaults.ScaledLinear => Spacing.Even(Math.Sqrt(start), Math.Sqrt(end), count).Select(root => root * root),
            BetaDefaults.Sigmoid => Spacing.Even(-6, 6, count).Select(at => (1 / (1 + Math.Exp(-at)) * (end - start)) + start),
            BetaDefaults.Exponential => Quotients(count, time => Math.Exp(-12 * time)),
            _ => Quotients(count, CosineAlpha),
        };
    }

    /// <summary>The β that make ᾱ fall as <paramref name="alpha"/> does from time 0 to 1.</summary>
    private static IEnumerable<double> Quotients(int count, Func<double, double> alpha)
        => Enumerable.Range(0, count).Select(t => Math.Min(1 - (alpha((t + 1.0) / count) / alpha((double)t / count)), LargestBeta));

    /// <summary>ᾱ at <paramref name="time"/> 0..1 of the cosine schedule (arXiv 2102.09672, equation 17).</summary>
    private static double CosineAlpha(double time) => Math.Pow(Math.Cos((time + 0.008) / 1.008 * Math.PI / 2), 2);
}
