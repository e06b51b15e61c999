namespace Experiments.Measures;

/// <summary>
/// The threshold of a score that tells best what is there from what is not: where the mean of sensitivity and specificity is largest
/// (Youden: Index for Rating Diagnostic Tests, 1950), halfway between two scores; of several as good the one nearest the middle of the scale.
/// </summary>
/// <param name="Threshold">Scores above it are a yes.</param>
/// <param name="BalancedAccuracy">The mean of sensitivity and specificity.</param>
internal sealed record BestThreshold(double Threshold, double BalancedAccuracy)
{
    private const double Middle = 0.5;

    /// <param name="scored">Scores with the truth.</param>
    /// <returns>Null where nothing, or all, is there.</returns>
    public static BestThreshold? Of(IReadOnlyList<(double Score, bool Truth)> scored)
    {
        int yes = scored.Count(answer => answer.Truth), no = scored.Count - yes;
        if (yes == 0 || no == 0)
        {
            return null;
        }

        (double Score, int Yes, int No)[] levels =
        [
            .. scored.GroupBy(answer => answer.Score).OrderBy(level => level.Key)
                .Select(level => (level.Key, level.Count(answer => answer.Truth), level.Count(answer => !answer.Truth))),
        ];

        // Below the lowest score all are a yes; above each, those of it no longer are.
        BestThreshold best = new(levels[0].Score < Middle ? levels[0].Score - 1e-4 : 0, 0.5);
        int below = 0, missed = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            missed += levels[i].Yes;
            below += levels[i].No;
            double threshold = i + 1 < levels.Length ? (levels[i].Score + levels[i + 1].Score) / 2 : levels[i].Score;
            double accuracy = (((yes - missed) / (double)yes) + (below / (double)no)) / 2;
            if (accuracy > best.BalancedAccuracy
                || (accuracy == best.BalancedAccuracy && Math.Abs(threshold - Middle) < Math.Abs(best.Threshold - Middle)))
            {
                best = new BestThreshold(threshold, accuracy);
            }
        }

        return best;
    }
}
