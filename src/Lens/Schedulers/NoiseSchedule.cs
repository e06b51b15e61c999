using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>
/// How much of the image is left at each training step: ᾱ_t = Π_{s ≤ t} (1 - β_s), in float64 (DDPM, arXiv 2006.11239).
/// </summary>
internal static class NoiseSchedule
{
    /// <summary>The largest β of the cosine schedule, which would otherwise end at 1.</summary>
    private const double LargestCosineBeta = 0.999;

    /// <summary>ᾱ_t for t = 0 ... <c>num_train_timesteps</c> - 1, falling.</summary>
    /// <param name="config">Says <c>beta_schedule</c>, <c>beta_start</c>, <c>beta_end</c>, or the <c>trained_betas</c> themselves.</param>
    /// <exception cref="BadInputException">The schedule is none of linear, scaled_linear, squaredcos_cap_v2.</exception>
    public static double[] AlphasCumprod(SchedulerConfig config)
    {
        double product = 1;
        return [.. Betas(config.Reader).Select(beta => product *= 1 - beta)];
    }

    /// <summary>
    /// <see cref="AlphasCumprod"/>, rescaled where the config says <c>rescale_betas_zero_snr</c>: √ᾱ is shifted and stretched so that
    /// it starts where it did and ends at 0, pure noise (arXiv 2305.08891, algorithm 1).
    /// </summary>
    /// <param name="config">As in <see cref="AlphasCumprod"/>.</param>
    public static double[] RescaledAlphasCumprod(SchedulerConfig config)
    {
        double[] alphas = AlphasCumprod(config);
        if (!RescalesToZeroSnr(config))
        {
            return alphas;
        }

        double first = Math.Sqrt(alphas[0]), last = Math.Sqrt(alphas[^1]);
        return [.. alphas.Select(alpha => Math.Pow((Math.Sqrt(alpha) - last) * first / (first - last), 2))];
    }

    /// <summary>
    /// √((1 - ᾱ_t) / ᾱ_t), rising: the noise's size beside the image's. Where the schedule ends in pure noise, the last ᾱ is
    /// taken as 2⁻²⁴ (float16's smallest number), so that it stays finite.
    /// </summary>
    internal static double[] Sigmas(SchedulerConfig config)
    {
        double[] alphas = RescaledAlphasCumprod(config);
        if (RescalesToZeroSnr(config))
        {
            alphas[^1] = Math.Pow(2, -24);
        }

        return [.. alphas.Select(alpha => Math.Sqrt((1 - alpha) / alpha))];
    }

    internal static int TrainingSteps(ConfigReader config) => config.Int("num_train_timesteps", 1000);

    private static bool RescalesToZeroSnr(SchedulerConfig config) => config.Reader.Flag("rescale_betas_zero_snr", false);

    private static IEnumerable<double> Betas(ConfigReader config)
    {
        int count = TrainingSteps(config);
        double[] trained = config.Numbers("trained_betas", []);
        if (trained.Length > 0)
        {
            return trained.Length == count
                ? trained
                : throw config.Error($"trained_betas has {trained.Length} values; num_train_timesteps says {count}");
        }

        double start = config.Number("beta_start", 0.0001), end = config.Number("beta_end", 0.02);
        return config.Text("beta_schedule", "linear") switch
        {
            "linear" => Spacing.Even(start, end, count),
            "scaled_linear" => Spacing.Even(Math.Sqrt(start), Math.Sqrt(end), count).Select(root => root * root),
            "squaredcos_cap_v2" => Enumerable.Range(0, count)
                .Select(t => Math.Min(1 - (CosineAlpha((t + 1.0) / count) / CosineAlpha((double)t / count)), LargestCosineBeta)),
            string other => throw config.Error(
                $"beta_schedule is '{other}', which is not supported; supported: linear, scaled_linear, squaredcos_cap_v2"),
        };
    }

    /// <summary>ᾱ at <paramref name="time"/> 0..1 of the cosine schedule (arXiv 2102.09672, equation 17).</summary>
    private static double CosineAlpha(double time) => Math.Pow(Math.Cos((time + 0.008) / 1.008 * Math.PI / 2), 2);
}
