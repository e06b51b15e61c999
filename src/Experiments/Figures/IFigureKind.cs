using Experiments.Specs;

namespace Experiments.Figures;

/// <summary>A way to show the curves of a figure: what <c>kind</c> under a figure names.</summary>
internal interface IFigureKind
{
    /// <summary>Its name in specs.</summary>
    string Name { get; }

    /// <summary>What the note says of its signs of uncertainty.</summary>
    string Uncertainty(FigureContent content);

    /// <summary>How it shows shares that were corrected for annotators' errors; null: it does not.</summary>
    string? Corrected => null;

    /// <summary>The curves that it shows: all, but where one without rows would leave nothing to see. The note names the others.</summary>
    IEnumerable<Curve> Shown(FigureContent content) => content.Curves;

    /// <summary>Makes the drawing.</summary>
    /// <param name="content">What it is drawn from.</param>
    /// <param name="note">What is counted, by whom, and what its signs mean.</param>
    Chart Chart(FigureContent content, string note);
}

/// <summary>What a figure is drawn from.</summary>
/// <param name="Curves">The curves with their points, in the order of the legend.</param>
/// <param name="LastLayer">L.</param>
internal sealed record FigureContent(FigureSpec Figure, IReadOnlyList<Curve> Curves, int LastLayer)
{
    /// <summary>How many seeds the experiment has.</summary>
    public int Seeds => Curves.SelectMany(curve => curve.Points).First().Seeds;

    /// <summary>What an axis of percentages is called.</summary>
    public string ShareAxis => $"Share of {Counted} (%)";

    /// <summary>What is counted.</summary>
    public string Counted => CountsPrompts ? "prompts" : "rows";

    /// <summary>Whether prompts are counted, by their representative tokens, and not rows.</summary>
    public bool CountsPrompts => Curves.Any(curve => curve.Representative is not null);
}
