using System.Globalization;
using Experiments.Measures;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Experiments.Figures;

/// <param name="Share">Its height, 0 to 1.</param>
/// <param name="Interval">95 % interval of the height.</param>
/// <param name="Count">Of how many it is the share.</param>
internal sealed record HistogramColumn(double Share, Interval? Interval, int Count);

/// <param name="Label">Its entry in the legend.</param>
/// <param name="Columns">A column a number; null where there is nothing to count.</param>
internal sealed record HistogramSeries(string Label, Color Color, IReadOnlyList<HistogramColumn?> Columns)
{
    public int Count => Columns.OfType<HistogramColumn>().Select(column => column.Count).DefaultIfEmpty().Max();
}

/// <summary>Shares as standing columns, those of several series side by side.</summary>
/// <param name="title">One line; broken where it is too long.</param>
/// <param name="note">What is counted, in small print below the title.</param>
/// <param name="across">What stands below the columns.</param>
/// <param name="axis">What their height is.</param>
/// <param name="places">What stands below each.</param>
/// <param name="series">The series in the order of the legend; of one it needs none.</param>
internal sealed class HistogramChart(
    string title, string note, string across, string axis, IReadOnlyList<string> places, IReadOnlyList<HistogramSeries> series)
{
    private const int Width = ChartHeading.Width, Margin = ChartHeading.Margin, PlotHeight = 216, LegendRow = 17;
    private const double GroupSize = 0.76;

    private readonly ChartHeading _heading = new(title, note);

    private readonly string[][] _legend =
    [
        .. series.Count == 1 ? [] : series.Select(one => ChartHeading.LabelStyle.Wrap(
            string.Create(CultureInfo.InvariantCulture, $"{one.Label} (n = {one.Count})"), Width - (2 * Margin) - 25)),
    ];

    /// <summary>The drawing.</summary>
    public Chart Chart => new(Width, (int)Math.Ceiling(PlotTop + PlotHeight), Draw);

    private float PlotTop => _heading.Bottom + (_legend.Sum(lines => lines.Length) * LegendRow) + 7;

    private void Draw(SKCanvas canvas)
    {
        // First: ScottPlot begins by painting the canvas white.
        using Plot plot = MakePlot();
        plot.Render(canvas, Width, Chart.Height);
        _heading.Draw(canvas);
        float y = _heading.Bottom;
        for (int i = 0; i < _legend.Length; i++)
        {
            using SKPaint paint = new() { Color = series[i].Color.ToSKColor() };
            canvas.DrawRect(Margin, y + 3, 18, 10, paint);
            foreach (string line in _legend[i])
            {
                ChartHeading.LabelStyle.Draw(canvas, line, Margin + 25, y + 12);
                y += LegendRow;
            }
        }
    }

    private Plot MakePlot()
    {
        EmbeddedFontResolver.Register();
        Plot plot = new();
        plot.Layout.Fixed(new PixelPadding(left: 47, right: 8, bottom: 44, top: PlotTop));
        plot.Axes.SetLimits(-0.5, places.Count - 0.5, 0, 101);
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. places.Select((place, i) => new Tick(i, place))]);
        plot.Axes.Left.TickGenerator = new NumericManual([.. Enumerable.Range(0, 6).Select(i => new Tick(20 * i, $"{20 * i}"))]);
        plot.XLabel(across);
        plot.YLabel(axis);
        ChartAxes.Dress(plot);
        plot.Grid.XAxisStyle.IsVisible = false;
        double size = GroupSize / series.Count;
        for (int i = 0; i < series.Count; i++)
        {
            for (int place = 0; place < places.Count; place++)
            {
                if (series[i].Columns[place] is { } column)
                {
                    AddColumn(plot, column, place + ((i - ((series.Count - 1) / 2.0)) * size), size, series[i].Color);
                }
            }
        }

        return plot;
    }

    private static void AddColumn(Plot plot, HistogramColumn column, double place, double size, Color color)
    {
        double height = 100 * column.Share;
        plot.Add.Bars((Bar[])[new Bar { Position = place, Value = height, Size = 0.92 * size, FillColor = color, LineWidth = 0 }]);
        if (column.Interval is { } interval)
        {
            ErrorBar error = plot.Add.ErrorBar([place], [height], [0]);
            error.YErrorPositive = [Math.Max(0, (100 * interval.High) - height)];
            error.YErrorNegative = [Math.Max(0, height - (100 * interval.Low))];
            error.Color = Color.FromSKColor(ChartHeading.Ink);
            error.LineWidth = 1;
            error.CapSize = 3;
        }
    }
}
