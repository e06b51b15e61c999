namespace Experiments.Measures;

/// <summary>A share of rows and its spread over seeds.</summary>
/// <param name="Mean">Share of yes among all rows, 0 to 1; null where there is no row.</param>
/// <param name="Spread">Standard deviation over the seeds' own shares, divided by their number; null where there is no row.</param>
/// <param name="Count">Number of rows.</param>
public sealed record Proportion(double? Mean, double? Spread, int Count)
{
    /// <summary>Counts rows.</summary>
    /// <param name="rows">For each row its seed, and whether it counts as yes.</param>
    public static Proportion Of(IReadOnlyCollection<(int Seed, bool Yes)> rows)
    {
        if (rows.Count == 0)
        {
            return new Proportion(null, null, 0);
        }

        double[] ofSeeds = [.. rows.GroupBy(row => row.Seed).Select(seed => Share(seed))];
        double mean = ofSeeds.Average();
        return new Proportion(Share(rows), Math.Sqrt(ofSeeds.Average(share => (share - mean) * (share - mean))), rows.Count);
    }

    private static double Share(IEnumerable<(int Seed, bool Yes)> rows) => rows.Average(row => row.Yes ? 1.0 : 0.0);
}
