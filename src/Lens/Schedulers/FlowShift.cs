using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Moves a rectified flow's noise levels towards noise, since larger images hide their noise less (Esser et al., arXiv 2403.03206,
/// section 5.3.2, equation 23): σ' = s σ / (1 + (s - 1) σ), of one s for the model or of one that grows with the image.
/// </summary>
internal static class FlowShift
{
    /// <summary>What the last level may be stretched to.</summary>
    public static readonly NumberRange Terminal = new(0, 0.99);

    /// <summary>What μ may be, whose exponential is taken.</summary>
    private static readonly NumberRange Logarithm = new(-20, 20);

    /// <summary><paramref name="sigma"/>, 0..1, moved by s = <paramref name="shift"/>: 1 leaves it as it is.</summary>
    public static double Shifted(double sigma, double shift) => shift * sigma / (1 + ((shift - 1) * sigma));

    /// <summary>Makes s of a pipeline's μ: e^μ, or μ itself where <c>time_shift_type</c> is linear.</summary>
    public static Func<double, double> OfMu(ConfigReader config)
        => config.OneOf("time_shift_type", "exponential", "exponential", "linear") == "linear" ? mu => mu : Math.Exp;

    /// <summary>
    /// s for the solvers that sample other models too: <c>flow_shift</c>, or e^μ where the config asks for the pipeline's.
    /// </summary>
    /// <exception cref="BadInputException">
    /// The pipeline gives a μ that the config does not ask for, or asks for in a way of its own.
    /// </exception>
    public static double OfSolver(ConfigReader reader, PipelineSchedule? pipeline)
    {
        reader.Only("time_shift_type", "exponential");
        bool isDynamic = reader.Flag("use_dynamic_shifting", false);
        double shift = reader.Number("flow_shift", 1, NumberRange.Factor);
        return pipeline?.Mu is not { } mu ? shift
            : isDynamic ? Math.Exp(mu)
            : throw reader.Error("use_dynamic_shifting is false, but this kind of model shifts by the image's size");
    }

    /// <summary>Stretches levels so that the last one is <paramref name="terminal"/>; 0 leaves them as they are.</summary>
    /// <exception cref="BadInputException">The last level is pure noise, as that of one step is: 0 would be divided by 0.</exception>
    public static double[] Stretched(double[] sigmas, double terminal, ConfigReader reader)
    {
        if (terminal == 0)
        {
            return sigmas;
        }

        double stretch = (1 - sigmas[^1]) / (1 - terminal);
        return stretch > 0 && sigmas.Length > 1
            ? [.. sigmas.Select(sigma => 1 - ((1 - sigma) / stretch))]
            : throw reader.Error(FormattableString.Invariant(
                $"shift_terminal is {terminal}: stretched to end there, the level of one step is NaN; take two steps or more"));
    }

    /// <summary>The keys that <see cref="Mu"/> reads.</summary>
    public static IReadOnlyCollection<string> MuKeys { get; } = ["base_shift", "max_shift", "base_image_seq_len", "max_image_seq_len"];

    /// <summary>
    /// μ for an image of <paramref name="sequenceLength"/> tokens: on the line through <c>base_shift</c> at <c>base_image_seq_len</c>
    /// and <c>max_shift</c> at <c>max_image_seq_len</c>.
    /// </summary>
    public static double Mu(SchedulerConfig config, int sequenceLength)
    {
        ConfigReader reader = config.Reader;
        double low = reader.Number("base_shift", 0.5, Logarithm), high = reader.Number("max_shift", 1.15, Logarithm);
        int shortest = reader.Count("base_image_seq_len", 256), longest = reader.Count("max_image_seq_len", 4096);
        if (longest <= shortest)
        {
            throw reader.Error($"max_image_seq_len is {longest}; it must be above base_image_seq_len, {shortest}");
        }

        double slope = (high - low) / (longest - shortest);
        return (sequenceLength * slope) + (low - (slope * shortest));
    }
}
