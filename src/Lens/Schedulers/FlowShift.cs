using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Moves a rectified flow's noise levels towards noise, since larger images hide their noise less (Esser et al., arXiv 2403.03206,
/// section 5.3.2, equation 23): σ' = s σ / (1 + (s - 1) σ), of one s for the model or of one that grows with the image.
/// </summary>
internal static class FlowShift
{
    /// <summary><paramref name="sigma"/>, 0..1, moved by s = <paramref name="shift"/>: 1 leaves it as it is.</summary>
    public static double Shifted(double sigma, double shift) => shift * sigma / (1 + ((shift - 1) * sigma));

    /// <summary>Makes s of a pipeline's μ: e^μ, or μ itself where <c>time_shift_type</c> is linear.</summary>
    public static Func<double, double> OfMu(ConfigReader config)
        => config.OneOf("time_shift_type", "exponential", "exponential", "linear") == "linear" ? mu => mu : Math.Exp;

    /// <summary>
    /// μ for an image of <paramref name="sequenceLength"/> tokens: on the line through <c>base_shift</c> at <c>base_image_seq_len</c>
    /// and <c>max_shift</c> at <c>max_image_seq_len</c>.
    /// </summary>
    public static double Mu(SchedulerConfig config, int sequenceLength)
    {
        ConfigReader reader = config.Reader;
        double low = reader.Number("base_shift", 0.5), high = reader.Number("max_shift", 1.15);
        int shortest = reader.Int("base_image_seq_len", 256), longest = reader.Int("max_image_seq_len", 4096);
        double slope = (high - low) / (longest - shortest);
        return (sequenceLength * slope) + (low - (slope * shortest));
    }
}
