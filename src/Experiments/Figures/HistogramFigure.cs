using Experiments.Specs;

namespace Experiments.Figures;

/// <summary><c>kind: histogram</c>: how many prompts have how many representative tokens, in the last layer.</summary>
internal sealed class HistogramFigure : IFigureKind
{
    public string Name => FigureSpec.HistogramKind;

    public string Uncertainty(FigureContent content) =>
        $", layer {content.LastLayer}; a token is representative if more than half of the seeds show it; whiskers: 95\u00A0% over prompts";

    public Chart Chart(FigureContent content, string note)
    {
        ILookup<string, Curve> series = content.Curves.ToLookup(curve => curve.Representative!.Of);
        return new HistogramChart(
            content.Figure.Title,
            note,
            "Representative tokens",
            content.ShareAxis,
            [.. series.First().Select(curve => curve.Representative!.Label)],
            [
                .. series.Select((columns, i) => new HistogramSeries(
                    columns.Key,
                    CurveStyle.ColorOf(i),
                    [
                        .. columns.Select(column => column.Points.FirstOrDefault(point => point.Layer == content.LastLayer))
                            .Select(point => point?.Mean is { } mean ? new HistogramColumn(mean, point.Interval, point.RowCount) : null),
                    ])),
            ]).Chart;
    }
}
