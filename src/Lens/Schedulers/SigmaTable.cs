using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>
/// √((1 - ᾱ_t) / ᾱ_t) of all training steps t, rising: the noise's size beside the image's; and what lies between them.
/// </summary>
internal sealed class SigmaTable
{
    /// <summary>ᾱ of a last training step that would be pure noise: float16's smallest number, so that its σ stays finite.</summary>
    public static readonly double SmallestAlpha = Math.Pow(2, -24);

    private readonly double[] _sigmas;
    private readonly Lazy<bool> _endFallsShort;

    private SigmaTable(double[] sigmas, Func<bool> endFallsShort)
        => (_sigmas, _endFallsShort) = (sigmas, new Lazy<bool>(endFallsShort));

    public double Smallest => _sigmas[0];

    public double Largest => _sigmas[^1];

    /// <summary>σ at a training step, or between two; before the first it is the first's.</summary>
    public double this[double position]
    {
        get
        {
            int below = (int)position;
            return position <= 0 ? Smallest
                : below == position
                ? _sigmas[below]
                : _sigmas[below] + ((position - below) * (_sigmas[below + 1] - _sigmas[below]));
        }
    }

    /// <summary>The table of a config.</summary>
    /// <param name="config">Says the noise schedule.</param>
    /// <param name="defaults">As in <see cref="NoiseSchedule.AlphasCumprod"/>.</param>
    /// <param name="rescales">Whether the class heeds <c>rescale_betas_zero_snr</c>.</param>
    public static SigmaTable Of(SchedulerConfig config, BetaDefaults? defaults = null, bool rescales = false)
    {
        bool endsInNoise = rescales && NoiseSchedule.RescalesToZeroSnr(config);
        double[] alphas = endsInNoise
            ? NoiseSchedule.RescaledAlphasCumprod(config, defaults)
            : NoiseSchedule.AlphasCumprod(config, defaults);
        if (endsInNoise)
        {
            alphas[^1] = SmallestAlpha;
        }

        return new SigmaTable(
            [.. alphas.Select(alpha => Math.Sqrt((1 - alpha) / alpha))],
            () => Float32Table.EndFallsShort(config.Reader, defaults ?? BetaDefaults.Ddpm, endsInNoise));
    }

    /// <summary>How many training steps have no more noise than <c>lambda_min_clipped</c>, -log σ, allows.</summary>
    /// <param name="config">The scheduler's config.</param>
    /// <param name="steps">How many are to be visited.</param>
    /// <exception cref="BadInputException">They are fewer than those to visit.</exception>
    public int CountDownTo(ConfigReader config, int steps)
    {
        double lambda = config.NumberOrMinusInfinity("lambda_min_clipped", double.NegativeInfinity, NumberRange.Signed);
        int count = _sigmas.Count(sigma => sigma <= Math.Exp(-lambda));
        return count == _sigmas.Length || count > steps ? count : throw config.Error(FormattableString.Invariant(
            $"lambda_min_clipped is {lambda}, which leaves {count} training steps; for {steps} steps there must be more"));
    }

    /// <summary>Where <paramref name="sigma"/> lies, between entries on a logarithmic scale.</summary>
    public double Timestep(double sigma)
    {
        int low = Math.Clamp(Array.FindLastIndex(_sigmas, entry => entry <= sigma), 0, _sigmas.Length - 2);
        double below = Math.Log(_sigmas[low]), above = Math.Log(_sigmas[low + 1]);
        return low + Math.Clamp((Math.Log(sigma) - below) / (above - below), 0, 1);
    }

    /// <summary>
    /// The same with its fraction cut off, as diffusers does it in float32 tables: where those round the logarithm of the last entry up,
    /// the last entry itself lies before the end, and cut off is the training step before (998 instead of 999).
    /// </summary>
    public double WholeTimestep(double sigma)
    {
        double timestep = Timestep(sigma), nearest = Math.Round(timestep);
        timestep = Math.Abs(timestep - nearest) < 1e-9 ? nearest : Math.Floor(timestep);
        return timestep == _sigmas.Length - 1 && sigma <= Largest * (1 + 1e-12) && _endFallsShort.Value ? timestep - 1 : timestep;
    }
}
