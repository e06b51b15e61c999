namespace Experiments.Figures;

/// <summary><c>kind: heatmap</c>: a row a curve, a column a layer, the percentage as a color and a number.</summary>
internal sealed class HeatmapFigure : IFigureKind
{
    public string Name => "heatmap";

    public string Uncertainty(FigureContent content) =>
        $"; cells: % of {content.Counted}{(HasGaps(content) ? "; beige: none" : "")}";

    public IEnumerable<Curve> Shown(FigureContent content) => content.Curves.Where(curve => curve.RowCount > 0);

    public Chart Chart(FigureContent content, string note)
    {
        int[] layers = [.. content.Curves.SelectMany(curve => curve.Points).Select(point => point.Layer).Distinct().Order()];
        return new HeatmapChart(
            content.Figure.Title,
            note,
            layers,
            [
                .. Shown(content).Select(curve => new HeatmapRow(
                    curve.Label,
                    curve.RowCount,
                    [.. layers.Select(layer => curve.Points.FirstOrDefault(point => point.Layer == layer)?.Mean)])),
            ]).Chart;
    }

    private bool HasGaps(FigureContent content) => Shown(content).Any(curve => curve.Points.Any(point => point.RowCount == 0));
}
