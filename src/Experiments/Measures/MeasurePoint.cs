using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// One layer of one curve: of all rows (prompt, seed) that enter, the share whose image at that layer fulfils the curve's rule. This
/// is the percentage of the paper's Figs 3, 5, 8, 9, 12 and 16, and its error bar.
/// </summary>
internal sealed record MeasurePoint
{
    /// <summary>The figure the curve is drawn in; empty for the share of right images that is measured for every condition.</summary>
    public required string Figure { get; init; }

    /// <summary>The curve's label.</summary>
    public required string Curve { get; init; }

    /// <summary>The conditions whose rows enter, with <c>+</c> between them.</summary>
    public required string Condition { get; init; }

    /// <summary>Which of their rows enter.</summary>
    public required RowChoice Rows { get; init; }

    /// <summary>The keys of the sites that the conditions' images are made through, each once, with <c>+</c> between them.</summary>
    public required string Site { get; init; }

    /// <summary>The layer, 0 to L.</summary>
    public required int Layer { get; init; }

    /// <summary>The share among all rows that enter.</summary>
    public required Proportion Share { get; init; }

    /// <summary>How many seeds the experiment has.</summary>
    public required int Seeds { get; init; }

    /// <summary>Whose answers they are, in words; empty where there is but one annotator.</summary>
    public string AnswersBy { get; init; } = "";

    /// <summary>Whether images were judged as a whole where that was asked, so that the parts can contradict it.</summary>
    public bool AsAWhole { get; init; }

    /// <summary>The same, corrected for the errors of who answered; null where that was not asked for, or cannot be done.</summary>
    public CorrectedShare? Corrected { get; init; }

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
