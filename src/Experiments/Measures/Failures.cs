using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// Failures of a condition (the paper's section 6, Figs 14 and 28): rows whose image from the last layer is not right.
/// </summary>
/// <param name="Complete">Complete failures: no layer is right.</param>
/// <param name="EarlySuccess">Success, then failure: an earlier layer is right.</param>
/// <param name="Count">All rows whose last layer was judged.</param>
internal sealed record Failures(int Complete, int EarlySuccess, int Count)
{
    /// <summary>The paper's Fig. 14 shows experiments with more failures than this.</summary>
    public const int TooFew = 10;

    /// <summary>Number of failures.</summary>
    public int Failed => Complete + EarlySuccess;

    /// <summary>Whether there are enough failures to be shown.</summary>
    public bool AreShown => Failed > TooFew;

    /// <summary>Counts rows.</summary>
    /// <param name="rows">Rows of the condition.</param>
    /// <param name="layers">The layers looked through, the last one included, ascending.</param>
    /// <param name="lastLayer">L.</param>
    public static Failures Of(IEnumerable<AnsweredRow> rows, ConditionSpec condition, IReadOnlyList<int> layers, int lastLayer)
    {
        AnsweredRow[] judged = [.. rows.Where(row => row.Condition == condition.Name && row.IsRight(condition, lastLayer) is not null)];
        AnsweredRow[] failed = [.. judged.Where(row => row.IsRight(condition, lastLayer) == false)];
        int early = failed.Count(row => layers.Any(layer => row.IsRight(condition, layer) == true));
        return new Failures(failed.Length - early, early, judged.Length);
    }
}
