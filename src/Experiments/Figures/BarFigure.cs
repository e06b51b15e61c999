using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Figures;

/// <summary><c>kind: bars</c>: a bar a curve, as long as the percentage of rows in the last layer.</summary>
internal sealed class BarFigure : IFigureKind
{
    public string Name => FigureSpec.BarsKind;

    public string Uncertainty(FigureContent content) => $", layer {content.LastLayer}; whiskers: 95\u00A0% over prompts";

    public string? Corrected => "a bar below each";

    public IEnumerable<Curve> Shown(FigureContent content) => content.Curves.Where(curve => Last(curve, content)?.Mean is not null);

    public Chart Chart(FigureContent content, string note) => new BarChart(
        content.Figure.Title,
        note,
        content.ShareAxis,
        ["Share of rows"],
        [.. Shown(content).SelectMany(curve => BarsOf(curve.Label, Last(curve, content)!))]).Chart;

    private static MeasurePoint? Last(Curve curve, FigureContent content) =>
        curve.Points.FirstOrDefault(point => point.Layer == content.LastLayer);

    private static IEnumerable<ChartBar> BarsOf(string label, MeasurePoint last)
    {
        yield return new ChartBar(label, last.RowCount, [last.Mean!.Value], last.Interval);
        if (last.Corrected is { } corrected)
        {
            yield return new ChartBar($"{label}, corrected", last.RowCount, [corrected.Share], corrected.Interval);
        }
    }
}
