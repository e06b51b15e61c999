namespace Experiments.Measures;

/// <summary>
/// The threshold of a score that tells best what is there from what is not: where the mean of sensitivity and specificity is largest
/// (Youden: Index for Rating Diagnostic Tests, 1950), halfway between two scores; of several as good the one with the widest gap around it.
/// </summary>
/// <param name="Threshold">Scores above it are a yes.</param>
/// <param name="BalancedAccuracy">The mean of sensitivity and specificity.</param>
internal sealed record BestThreshold(double Threshold, double BalancedAccuracy)
{
    /// <param name="scored">Scores with the truth.</param>
    /// <returns>Null where nothing, or all, is there, or all scores are the same.</returns>
    public static BestThreshold? Of(IReadOnlyList<(double Score, bool Truth)> scored)
    {
        int yes = scored.Count(answer => answer.Truth), no = scored.Count - yes;
        (double Score, int Yes, int No)[] levels =
        [
            .. scored.GroupBy(answer => answer.Score).OrderBy(level => level.Key)
                .Select(level => (level.Key, level.Count(answer => answer.Truth), level.Count(answer => !answer.Truth))),
        ];
        if (yes == 0 || no == 0 || levels.Length < 2)
        {
            return null;
        }

        (double Threshold, double Accuracy, double Gap) best = default;
        int missed = 0, rejected = 0;
        for (int i = 0; i + 1 < levels.Length; i++)
        {
            missed += levels[i].Yes;
            rejected += levels[i].No;
            double gap = levels[i + 1].Score - levels[i].Score;
            double accuracy = (((yes - missed) / (double)yes) + (rejected / (double)no)) / 2;
            if ((accuracy, gap).CompareTo((best.Accuracy, best.Gap)) > 0)
            {
                best = (levels[i].Score + (gap / 2), accuracy, gap);
            }
        }

        return new BestThreshold(best.Threshold, best.Accuracy);
    }
}
