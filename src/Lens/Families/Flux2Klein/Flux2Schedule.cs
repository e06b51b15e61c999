namespace DiffusionLens.Families.Flux2Klein;

/// <summary>How far FLUX.2's pipelines shift a schedule towards noise, as its authors found it to be best.</summary>
internal static class Flux2Schedule
{
    /// <summary>From so many tokens on, the number of steps makes no difference.</summary>
    private const long LargeImage = 4300;

    private const double FewSteps = 10, ManySteps = 200;

    /// <summary>
    /// μ: on the line in the number of steps between two that are themselves lines in the number of the image's tokens, one for 10
    /// steps and one for 200.
    /// </summary>
    /// <param name="tokens">The image's.</param>
    /// <param name="steps">1 or more.</param>
    public static double Mu(long tokens, int steps)
    {
        double few = (8.73809524e-5 * tokens) + 1.89833333, many = (0.00016927 * tokens) + 0.45666666;
        if (tokens > LargeImage)
        {
            return many;
        }

        double slope = (many - few) / (ManySteps - FewSteps);
        return (slope * steps) + many - (ManySteps * slope);
    }
}
