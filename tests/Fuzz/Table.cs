namespace Fuzz;

/// <summary>What a campaign found, as a table.</summary>
internal static class Table
{
    /// <returns>How many findings there are.</returns>
    public static int Write(Campaign campaign, TimeSpan took, TextWriter output)
    {
        output.WriteLine($"{"reader",-24}{"inputs",9}{"taken",9}{"refused",9}{"findings",9}{"all",9}{"slowest",9}{"memory",9}");
        foreach ((string reader, Tally tally) in campaign.Tallies)
        {
            output.WriteLine(
                $"{reader,-24}{tally.Count,9}{tally.Taken,9}{tally.Refused,9}{tally.Findings.Values.Sum(),9}"
                + $"{tally.Seconds,7:0.0} s{tally.Slowest,7:0.00} s{tally.MostMemory / 1e6,6:0} MB");
            foreach ((string what, int count) in tally.Findings)
            {
                output.WriteLine($"    {count} x {what}");
            }
        }

        Tally[] all = [.. campaign.Tallies.Values];
        int findings = all.Sum(tally => tally.Findings.Values.Sum());
        output.WriteLine(
            $"{all.Length} readers, {all.Sum(tally => tally.Count)} inputs (seed {campaign.Seed}) in {took.TotalSeconds:0} s: "
            + $"{all.Sum(tally => tally.Taken)} taken, {all.Sum(tally => tally.Refused)} refused, {findings} findings"
            + $"{(findings == 0 ? "" : $" in {campaign.Findings}")}; "
            + $"slowest {all.Max(tally => tally.Slowest):0.00} s, at most {all.Max(tally => tally.MostMemory) / 1e6:0} MB more");
        return findings;
    }
}
