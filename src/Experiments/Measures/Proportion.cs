namespace Experiments.Measures;

/// <summary>A share of rows, its spread over seeds, and its interval over prompts.</summary>
/// <param name="Mean">Share of yes among all rows, 0 to 1; null where there is no row.</param>
/// <param name="Spread">Standard deviation over the seeds' own shares, divided by their number; null where there is no row.</param>
/// <param name="Interval">95 % interval by <see cref="Bootstrap"/> over prompts; null where there is no row.</param>
/// <param name="Count">Number of rows.</param>
internal sealed record Proportion(double? Mean, double? Spread, Interval? Interval, int Count)
{
    /// <summary>Counts rows.</summary>
    /// <param name="rows">For each row its prompt, its seed, and whether it counts as yes.</param>
    public static Proportion Of(IReadOnlyCollection<(string Prompt, ulong Seed, bool Yes)> rows)
    {
        if (rows.Count == 0)
        {
            return new Proportion(null, null, null, 0);
        }

        double[] ofSeeds = [.. rows.GroupBy(row => row.Seed).Select(Share)];
        double mean = ofSeeds.Average();
        PromptTotal[] prompts =
        [
            .. rows.GroupBy(row => row.Prompt).Select(prompt => new PromptTotal(prompt.Count(row => row.Yes), prompt.Count())),
        ];
        return new Proportion(
            Share(rows),
            Math.Sqrt(ofSeeds.Average(share => (share - mean) * (share - mean))),
            Bootstrap.Of([new WeightedGroup(1, prompts)]),
            rows.Count);
    }

    private static double Share(IEnumerable<(string Prompt, ulong Seed, bool Yes)> rows) => rows.Average(row => row.Yes ? 1.0 : 0.0);
}
