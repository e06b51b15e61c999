namespace Experiments.Figures;

/// <summary><c>kind: bars</c>: a bar a curve, as long as the percentage of rows in the last layer.</summary>
internal sealed class BarFigure : IFigureKind
{
    public string Name => "bars";

    public string Uncertainty(FigureContent content) => $", layer {content.LastLayer}; whiskers: 95\u00A0% over prompts";

    public string? Corrected => "a bar below each";

    public Chart Chart(FigureContent content, string note) => new BarChart(
        content.Figure.Title,
        note,
        content.ShareAxis,
        ["Share of rows"],
        [.. content.Curves.SelectMany(curve => BarsOf(curve, content.LastLayer))]).Chart;

    private static IEnumerable<ChartBar> BarsOf(Curve curve, int lastLayer)
    {
        if (curve.Points.FirstOrDefault(point => point.Layer == lastLayer) is not { Mean: { } mean } last)
        {
            yield break;
        }

        yield return new ChartBar(curve.Label, last.RowCount, [mean], last.Interval);
        if (last.Corrected is { } corrected)
        {
            yield return new ChartBar($"{curve.Label}, corrected", last.RowCount, [corrected.Share], corrected.Interval);
        }
    }
}
