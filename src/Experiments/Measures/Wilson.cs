namespace Experiments.Measures;

/// <summary>
/// Wilson's score interval of a share (Wilson: Probable Inference, the Law of Succession, and Statistical Inference, 1927), without a
/// correction for continuity. It takes answers to be independent; where prompts have several seeds, <see cref="Bootstrap"/> is for them.
/// </summary>
internal static class Wilson
{
    /// <param name="count">How many of them.</param>
    /// <param name="n">How many there are.</param>
    /// <param name="alpha">What the interval leaves out: 0.05 gives the 95 % interval.</param>
    /// <returns>The bounds, 0 to 1; null where there are none to count.</returns>
    public static Interval? Of(int count, int n, double alpha = 0.05)
    {
        if (n == 0)
        {
            return null;
        }

        double z = NormalDistribution.TwoSidedQuantile(alpha), share = (double)count / n, scale = 1 + (z * z / n);
        double center = (share + (z * z / (2 * n))) / scale;
        double reach = z / scale * Math.Sqrt((share * (1 - share) / n) + (z * z / (4.0 * n * n)));
        return new Interval(count == 0 ? 0 : center - reach, count == n ? 1 : center + reach);
    }
}
