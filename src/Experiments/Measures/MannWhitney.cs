namespace Experiments.Measures;

/// <summary>
/// The Mann-Whitney U test of whether one of two samples tends to be larger (the paper's C.1), two-sided. Small samples without ties get
/// the exact distribution of U, all others the normal approximation with corrections for ties and continuity: what SciPy's
/// <c>mannwhitneyu</c> does. (Perfolizer's has neither two-sided values nor the correction for ties, and first layers are full of ties.)
/// </summary>
/// <param name="U">Pairs in which the first sample's value is larger, ties counting a half.</param>
/// <param name="P">The two-sided p-value.</param>
/// <param name="IsExact">Whether it is from the exact distribution.</param>
internal sealed record MannWhitney(double U, double P, bool IsExact)
{
    private const int LargestExact = 8;

    /// <summary>The standard deviation of U where neither sample tends to be larger, with the correction for ties; 0 where all values are
    /// equal.</summary>
    public required double Deviation { get; init; }

    /// <summary>Tests two samples.</summary>
    /// <param name="first">The first sample, not empty.</param>
    /// <param name="second">The second sample, not empty.</param>
    /// <param name="exact">True or false asks for the exact distribution or the approximation; null takes the exact one where there are no
    /// ties and a sample has at most 8 values.</param>
    /// <exception cref="ArgumentException">A sample is empty, or the exact distribution is asked for and there are ties.</exception>
    public static MannWhitney Test(IReadOnlyList<double> first, IReadOnlyList<double> second, bool? exact = null)
    {
        if (first.Count == 0 || second.Count == 0)
        {
            throw new ArgumentException("A sample is empty");
        }

        double[] all = [.. first, .. second];
        int[] ties = [.. all.GroupBy(value => value).Select(group => group.Count())];
        bool hasTies = ties.Any(count => count > 1);
        if (exact == true && hasTies)
        {
            throw new ArgumentException("There are ties; the exact distribution is one without");
        }

        double u = first.Sum(value => second.Sum(other => value > other ? 1 : value == other ? 0.5 : 0));
        bool isExact = exact ?? (!hasTies && Math.Min(first.Count, second.Count) <= LargestExact);
        double deviation = DeviationOf(first.Count, second.Count, ties);
        return new MannWhitney(
            u, isExact ? ExactP(u, first.Count, second.Count) : NormalP(u, first.Count, second.Count, deviation), isExact)
        {
            Deviation = deviation,
        };
    }

    private static double ExactP(double u, int n, int m)
    {
        double[] counts = CountsOfU(n, m);
        int larger = (int)Math.Max(u, ((double)n * m) - u);
        double tail = counts.Skip(larger).Sum() / counts.Sum();
        return Math.Min(1, 2 * tail);
    }

    // How many of the orders of n and m values have each U. Adding values of the second sample one after another: the i-th contributes
    // 0 to n, as a Gaussian binomial coefficient is a product of (1 - q^(n+i)) / (1 - q^i).
    private static double[] CountsOfU(int n, int m)
    {
        double[] counts = new double[(n * m) + 1];
        counts[0] = 1;
        for (int i = 1; i <= m; i++)
        {
            for (int u = n * m; u >= n + i; u--)
            {
                counts[u] -= counts[u - n - i];
            }

            for (int u = i; u <= n * m; u++)
            {
                counts[u] += counts[u - i];
            }
        }

        return counts;
    }

    private static double DeviationOf(double n, double m, int[] ties)
    {
        double all = n + m, tied = ties.Sum(count => (Math.Pow(count, 3) - count) / (all * (all - 1)));
        return Math.Sqrt(n * m / 12 * (all + 1 - tied));
    }

    private static double NormalP(double u, double n, double m, double deviation)
    {
        double larger = Math.Max(u, (n * m) - u);
        return deviation == 0 ? 1 : Math.Min(1, ErrorFunction.Complementary((larger - (n * m / 2) - 0.5) / deviation / Math.Sqrt(2)));
    }
}
