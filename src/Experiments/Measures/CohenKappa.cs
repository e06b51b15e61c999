namespace Experiments.Measures;

/// <summary>
/// Cohen's kappa, unweighted: agreement of two annotators beyond what their shares of each answer give by chance, 1 for full agreement
/// (Cohen: A Coefficient of Agreement for Nominal Scales, 1960).
/// </summary>
internal static class CohenKappa
{
    /// <param name="table">How often the first annotator gave the row's answer and the second the column's; as many rows as
    /// columns.</param>
    /// <returns>(observed - chance) / (1 - chance); null where there is no answer, or chance alone gives full agreement.</returns>
    public static double? Of(IReadOnlyList<IReadOnlyList<int>> table)
    {
        double count = table.Sum(row => row.Sum()), agreeing = 0, byChance = 0;
        for (int i = 0; i < table.Count; i++)
        {
            agreeing += table[i][i];
            byChance += (table[i].Sum() / count) * (table.Sum(row => row[i]) / count);
        }

        return count == 0 || byChance >= 1 ? null : ((agreeing / count) - byChance) / (1 - byChance);
    }
}
