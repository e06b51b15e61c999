namespace Experiments.Measures;

/// <summary>
/// Krippendorff's alpha for nominal answers of any number of annotators, some of which may be missing: 1 less the disagreement that is
/// observed as a share of that expected by chance (Krippendorff: Computing Krippendorff's Alpha-Reliability, 2011).
/// </summary>
internal static class KrippendorffAlpha
{
    /// <param name="annotators">A list an annotator, a place a unit; null: no answer. Units with fewer than two answers are left
    /// out.</param>
    /// <returns>1 for full agreement, 0 for that of chance; null where what is left has one answer alone, or nothing is left.</returns>
    /// <exception cref="ArgumentException">The annotators' lists are not of one length.</exception>
    public static double? Of(IReadOnlyList<IReadOnlyList<int?>> annotators)
    {
        int units = annotators.Count == 0 ? 0 : annotators[0].Count;
        if (annotators.Any(answers => answers.Count != units))
        {
            throw new ArgumentException("Every annotator has a place for every unit");
        }

        int[][] paired =
        [
            .. Enumerable
                .Range(0, units)
                .Select(unit => annotators.Select(answers => answers[unit]).OfType<int>().ToArray())
                .Where(answers => answers.Length > 1),
        ];

        // Pairs of different answers to a unit, each weighed so that an answer weighs as much in every unit.
        double observed = paired.Sum(answers => Different(answers) / (answers.Length - 1));
        int[] all = [.. paired.SelectMany(answers => answers)];
        double expected = Different(all);
        return expected == 0 ? null : 1 - ((all.Length - 1) * observed / expected);
    }

    // Ordered pairs of different answers.
    private static double Different(int[] answers) =>
        ((double)answers.Length * answers.Length) - answers.CountBy(answer => answer).Sum(answer => (double)answer.Value * answer.Value);
}
