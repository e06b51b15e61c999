using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// One layer of one curve: of all rows (prompt, seed) that enter, the share whose image at that layer fulfils the curve's rule. This
/// is the percentage of the paper's Figs 3, 5, 8, 9, 12 and 16, and its error bar.
/// </summary>
/// <param name="Figure">The figure the curve is drawn in; empty for the share of right images that is measured for every condition.</param>
/// <param name="Curve">The curve's label.</param>
/// <param name="Conditions">The conditions whose rows enter.</param>
/// <param name="Rows">Which of their rows enter.</param>
/// <param name="Layer">The layer, 0 to L.</param>
/// <param name="Share">The share among all rows that enter.</param>
public sealed record MeasurePoint(
    string Figure,
    string Curve,
    IReadOnlyList<string> Conditions,
    RowChoice Rows,
    int Layer,
    Proportion Share)
{
    /// <summary>The share among all rows that enter, 0 to 1; null where none does.</summary>
    public double? Mean => Share.Mean;

    /// <summary>The standard deviation, over seeds, of the share among the seed's rows (divided by the number of seeds, not by one
    /// less); seeds with no row that enters are left out. Null where no row enters.</summary>
    public double? Spread => Share.Spread;

    /// <summary>95 % interval over prompts; null where no row enters.</summary>
    public Interval? Interval => Share.Interval;

    /// <summary>How many rows enter: n.</summary>
    public int RowCount => Share.Count;
}
