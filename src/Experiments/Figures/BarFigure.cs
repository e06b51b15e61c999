namespace Experiments.Figures;

/// <summary><c>kind: bars</c>: a bar a curve, as long as the percentage of rows in the last layer.</summary>
internal sealed class BarFigure : IFigureKind
{
    public string Name => "bars";

    public string Uncertainty(FigureContent content) => $", layer {content.LastLayer}; whiskers: 95\u00A0% over prompts";

    public Chart Chart(FigureContent content, string note) => new BarChart(
        content.Figure.Title,
        note,
        content.ShareAxis,
        ["Share of rows"],
        [.. content.Curves.Select(curve => BarOf(curve, content.LastLayer)).OfType<ChartBar>()]).Chart;

    private static ChartBar? BarOf(Curve curve, int lastLayer) =>
        curve.Points.FirstOrDefault(point => point.Layer == lastLayer) is { Mean: { } mean } last
            ? new ChartBar(curve.Label, last.RowCount, [mean], last.Interval)
            : null;
}
