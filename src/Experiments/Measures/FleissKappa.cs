namespace Experiments.Measures;

/// <summary>
/// Fleiss' kappa: agreement of several annotators beyond chance, where every unit has as many answers, by whomever (Fleiss: Measuring
/// Nominal Scale Agreement Among Many Raters, 1971).
/// </summary>
internal static class FleissKappa
{
    /// <param name="units">A list a unit, with the answers to it, two or more.</param>
    /// <returns>1 for full agreement, 0 for that of chance; null where there is no unit, or all answers are the same.</returns>
    /// <exception cref="ArgumentException">The units do not have as many answers each, or fewer than two.</exception>
    public static double? Of(IReadOnlyList<IReadOnlyList<int>> units)
    {
        if (units.Count == 0)
        {
            return null;
        }

        double count = units.Count, answers = units[0].Count;
        if (answers < 2 || units.Any(unit => unit.Count != units[0].Count))
        {
            throw new ArgumentException("Every unit has as many answers, two or more");
        }

        double observed = units.Average(unit => (SumOfSquares(unit) - answers) / (answers * (answers - 1)));
        int[] all = [.. units.SelectMany(unit => unit)];
        double byChance = SumOfSquares(all) / (count * answers * count * answers);
        return byChance >= 1 ? null : (observed - byChance) / (1 - byChance);
    }

    private static double SumOfSquares(IReadOnlyList<int> answers) =>
        answers.CountBy(answer => answer).Sum(answer => (double)answer.Value * answer.Value);
}
