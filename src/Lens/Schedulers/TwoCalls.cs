namespace DiffusionLens.Schedulers;

/// <summary>The calls of a sampler that asks the denoiser twice in each step but the last: first, second, first, ..., first.</summary>
internal static class TwoCalls
{
    /// <summary>Whether a call is the second of its step.</summary>
    public static bool IsSecond(int stepIndex) => stepIndex % 2 == 1;

    /// <summary>What holds at each step, at each call: a step's second call is made where the next step begins.</summary>
    public static double[] Doubled(double[] steps) => [.. steps.Take(1), .. steps.Skip(1).SelectMany(value => (double[])[value, value])];
}
