namespace Experiments.Measures;

/// <summary>Whether two quantities rise together, by ranks alone.</summary>
/// <param name="Coefficient">-1 to 1.</param>
/// <param name="P">The two-sided p-value; null for fewer than three pairs.</param>
internal sealed record RankCorrelation(double Coefficient, double? P)
{
    private const int FewestPairs = 3;

    /// <summary>
    /// Spearman's rank correlation: Pearson's r of ranks, ties having the mean of theirs; p by Student's t with n - 2 degrees of freedom.
    /// </summary>
    /// <param name="x">One quantity.</param>
    /// <param name="y">The other, in the same order.</param>
    /// <returns>Null where one of them is the same throughout, or there is no pair.</returns>
    public static RankCorrelation? Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        int n = Pairs(x, y);
        double[] ranksOfX = MeanRanks(x), ranksOfY = MeanRanks(y);

        // Ranks are halves of whole numbers and so is their mean: the sums are exact, and a perfect correlation is exactly 1.
        double mean = (n + 1) / 2.0;
        double together = ranksOfX.Zip(ranksOfY, (a, b) => (a - mean) * (b - mean)).Sum();
        double spread = ranksOfX.Sum(a => (a - mean) * (a - mean)) * ranksOfY.Sum(b => (b - mean) * (b - mean));
        if (spread == 0)
        {
            return null;
        }

        double r = Math.Clamp(together / Math.Sqrt(spread), -1, 1);
        return new RankCorrelation(r, n < FewestPairs ? null : StudentDistribution.TailOfCorrelation(r, n - 2));
    }

    /// <summary>
    /// Kendall's tau-b (Kendall: The Treatment of Ties in Ranking Problems, 1945): pairs in the same order less those in the other one, as
    /// a share of those without a tie. Its p is that of the normal approximation, with the variance corrected for ties and none for
    /// continuity, or exact.
    /// </summary>
    /// <param name="x">One quantity.</param>
    /// <param name="y">The other, in the same order.</param>
    /// <param name="exact">Whether p is from the distribution over all orders, which is one without ties.</param>
    /// <returns>Null where one of them is the same throughout, or there is no pair.</returns>
    /// <exception cref="ArgumentException">The exact p is asked for, and there are ties.</exception>
    public static RankCorrelation? KendallTauB(IReadOnlyList<double> x, IReadOnlyList<double> y, bool exact = false)
    {
        int n = Pairs(x, y);
        Ties ofX = Ties.Of(x), ofY = Ties.Of(y);
        if (exact && (ofX.Pairs > 0 || ofY.Pairs > 0))
        {
            throw new ArgumentException("There are ties; the exact distribution is one without");
        }

        long all = (long)n * (n - 1) / 2, balance = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                balance += Math.Sign(x[i].CompareTo(x[j])) * Math.Sign(y[i].CompareTo(y[j]));
            }
        }

        double untied = (double)(all - ofX.Pairs) * (all - ofY.Pairs);
        return untied == 0 ? null : new RankCorrelation(
            Math.Clamp(balance / Math.Sqrt(untied), -1, 1),
            exact ? ExactP(n, (all - Math.Abs(balance)) / 2)
                : n < FewestPairs ? null : NormalDistribution.TwoSidedTail(balance / Math.Sqrt(Variance(n, ofX, ofY))));
    }

    private static int Pairs(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        x.Count == y.Count ? x.Count : throw new ArgumentException("Each value of the one has one of the other");

    private static double[] MeanRanks(IReadOnlyList<double> values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) + 1) / 2.0))];

    // Of the pairs' balance where there is no correlation (Kendall: Rank Correlation Methods, chapter 5).
    private static double Variance(int n, Ties x, Ties y)
    {
        double pairs = (double)n * (n - 1);
        return (((pairs * ((2 * n) + 5)) - x.Spread - y.Spread) / 18)
            + (2.0 * x.Pairs * y.Pairs / pairs)
            + ((double)x.Triples * y.Triples / (9 * pairs * (n - 2)));
    }

    // Of all orders of n values, twice the share of those with as few pairs in the rarer order, at most 1.
    private static double ExactP(int n, long rarer)
    {
        double[] shares = [1];
        for (int values = 2; values <= n; values++)
        {
            // The next value may stand before 0 to all of those before it.
            double[] next = new double[shares.Length + values - 1];
            for (int before = 0; before < values; before++)
            {
                for (int i = 0; i < shares.Length; i++)
                {
                    next[i + before] += shares[i] / values;
                }
            }

            shares = next;
        }

        return Math.Min(1, 2 * shares.Take((int)rarer + 1).Sum());
    }

    /// <summary>How much is tied in a sample, over its groups of t equal values.</summary>
    /// <param name="Pairs">Sum of t(t - 1)/2.</param>
    /// <param name="Triples">Sum of t(t - 1)(t - 2).</param>
    /// <param name="Spread">Sum of t(t - 1)(2t + 5).</param>
    private sealed record Ties(long Pairs, long Triples, long Spread)
    {
        public static Ties Of(IEnumerable<double> values)
        {
            long[] sizes = [.. values.CountBy(value => value).Select(group => (long)group.Value)];
            return new Ties(
                sizes.Sum(t => t * (t - 1) / 2), sizes.Sum(t => t * (t - 1) * (t - 2)), sizes.Sum(t => t * (t - 1) * ((2 * t) + 5)));
        }
    }
}
