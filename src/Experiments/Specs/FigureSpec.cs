namespace Experiments.Specs;

/// <summary>A figure of curves: layer by layer, the percentage of rows for which something holds.</summary>
/// <param name="Name">Name of its files, for example <c>fig-3</c>.</param>
/// <param name="Title">One line above the figure.</param>
/// <param name="Rows">Which rows enter.</param>
/// <param name="Curves">The curves in the order of the legend.</param>
internal sealed record FigureSpec(string Name, string Title, RowChoice Rows, IReadOnlyList<CurveSpec> Curves)
{
    /// <summary>The kind of figure where nobody says.</summary>
    public const string DefaultKind = "curves";

    /// <summary>The kind that shows the last layer alone, a bar a curve.</summary>
    public const string BarsKind = "bars";

    /// <summary>The kind that shows how many prompts have how many representative tokens.</summary>
    public const string HistogramKind = "histogram";

    /// <summary>How the curves are shown.</summary>
    public string Kind { get; init; } = DefaultKind;

    /// <summary>Where that was written.</summary>
    public SourceLocation KindLocation { get; init; }

    /// <summary>Whose answers count.</summary>
    public AnnotatorChoice Annotators { get; init; } = new AnnotatorChoice.First();

    /// <summary>Whether it is about the last layer: it shows no other, or rows that are right there.</summary>
    public bool NeedsLastLayer => Rows == RowChoice.RightInTheLastLayer || Kind is BarsKind or HistogramKind;
}
