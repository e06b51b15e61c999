namespace Experiments.Specs;

/// <summary>A figure of curves: layer on x, percentage of rows on y.</summary>
/// <param name="Name">Name of its files, for example <c>fig-3</c>.</param>
/// <param name="Title">One line above the figure.</param>
/// <param name="Rows">Which rows enter.</param>
/// <param name="Curves">The curves in the order of the legend.</param>
/// <param name="AllAnnotators">Whether the answers of other annotators count where a question's main one was not asked.</param>
public sealed record FigureSpec(
    string Name, string Title, RowChoice Rows, IReadOnlyList<CurveSpec> Curves, bool AllAnnotators = false);
