using System.Globalization;
using Experiments.Measures;
using Experiments.Specs;
using ScottPlot;
using ScottPlot.PathStrategies;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>One curve of a chart.</summary>
/// <param name="Label">Its entry in the legend.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Points">Its points by ascending layer.</param>
internal sealed record Curve(string Label, CurveStyle Style, IReadOnlyList<MeasurePoint> Points)
{
    /// <summary>The column of a histogram that it is; null: it is none.</summary>
    public TokenCount? Representative { get; init; }

    /// <summary>Number of rows behind it; of a histogram's column, of prompts.</summary>
    public int RowCount => Points.Count > 0 ? Points.Max(point => point.RowCount) : 0;
}

/// <summary>
/// Percentages of rows over the layers, as wide as a column of a paper: title, what is counted, legend, axes. Bars at the points are
/// the spread over seeds, bands the 95 % interval over prompts.
/// </summary>
/// <param name="title">One line; broken where it is too long.</param>
/// <param name="note">What is counted, in small print below the title.</param>
/// <param name="curves">The curves in the order of the legend.</param>
/// <param name="axis">What the percentages are of.</param>
/// <param name="lastLayer">L, the end of the layer axis.</param>
internal sealed class CurveChart(string title, string note, string axis, IReadOnlyList<Curve> curves, int lastLayer)
{
    private const int Width = ChartHeading.Width, Margin = ChartHeading.Margin, PlotHeight = 236, LegendRow = 17, LegendSymbol = 30;
    private const double BandOpacity = 0.13;

    private readonly ChartHeading _heading = new(title, note);

    private readonly string[][] _legend =
        [.. LegendTexts(curves).Select(text => ChartHeading.LabelStyle.Wrap(text, Width - (2 * Margin) - LegendSymbol))];

    private readonly int[] _layers = [.. curves.SelectMany(curve => curve.Points).Select(point => point.Layer).Distinct().Order()];

    /// <summary>The drawing.</summary>
    public Chart Chart => new(Width, (int)Math.Ceiling(PlotTop + PlotHeight), Draw);

    private float PlotTop => _heading.Bottom + (LegendRows * LegendRow) + 7;

    private int LegendColumns => curves.Count > 1 && WidestEntry <= (Width - (2 * Margin)) / 2 ? 2 : 1;

    private int LegendRows => LegendColumns == 2 ? (curves.Count + 1) / 2 : _legend.Sum(lines => lines.Length);

    // What has to be wrapped is wider than half of the chart.
    private float WidestEntry =>
        LegendSymbol + _legend.SelectMany(lines => lines).Select(ChartHeading.LabelStyle.Measure).DefaultIfEmpty().Max() + 8;

    private int SmallestStep => _layers.Zip(_layers.Skip(1), (layer, next) => next - layer).DefaultIfEmpty(lastLayer).Min();

    /// <summary>How far beside its layers a corrected curve stands from its own, in layers.</summary>
    internal double AsideOfCorrected => Math.Min(0.012 * lastLayer, 0.2 * SmallestStep);

    /// <summary>How far beside its layers a curve stands, in layers.</summary>
    /// <param name="curve">Its number.</param>
    internal double Aside(int curve)
    {
        // Bars of neighboring curves stand a little apart, so that equal ones do not hide each other, and never so far that they could be
        // another layer's.
        double apart = Math.Min(0.007, 0.5 * SmallestStep / (curves.Count * lastLayer));
        return (curve - ((curves.Count - 1) / 2.0)) * apart * lastLayer;
    }

    private void Draw(SKCanvas canvas)
    {
        // First: ScottPlot begins by painting the canvas white.
        using Plot plot = MakePlot();
        plot.Render(canvas, Width, (int)Math.Ceiling(PlotTop + PlotHeight));
        _heading.Draw(canvas);
        DrawLegend(canvas);
    }

    private void DrawLegend(SKCanvas canvas)
    {
        using Paint paint = Paint.NewDisposablePaint();
        float column = LegendColumns == 1 ? 0 : Math.Max(WidestEntry, (Width - (2 * Margin)) / 2f);
        int row = 0;
        for (int i = 0; i < curves.Count; i++)
        {
            CurveStyle style = curves[i].Style;
            float x = Margin + (i % LegendColumns * column), y = _heading.Bottom + (row * LegendRow) + (LegendRow / 2f);
            using SKPath line = Path(style).GetPath([new Pixel(x, y), new Pixel(x + LegendSymbol - 6, y)]);
            Line(style).Render(canvas, line, paint);
            Marker(style).Render(canvas, new Pixel(x + ((LegendSymbol - 6) / 2f), y), paint);
            foreach ((int below, string text) in _legend[i].Index())
            {
                ChartHeading.LabelStyle.Draw(
                    canvas, text, x + LegendSymbol, y + (below * LegendRow) + (ChartHeading.LabelStyle.Size * 0.36f));
            }

            row += LegendColumns == 1 ? _legend[i].Length : i % 2;
        }
    }

    private static IEnumerable<string> LegendTexts(IReadOnlyList<Curve> curves)
    {
        bool isSame = curves.Select(curve => curve.RowCount).Distinct().Count() == 1;
        return curves.Select(curve => isSame
            ? curve.Label
            : string.Create(CultureInfo.InvariantCulture, $"{curve.Label} (n = {curve.RowCount})"));
    }

    private Plot MakePlot()
    {
        EmbeddedFontResolver.Register();
        Plot plot = new();
        plot.Layout.Fixed(new PixelPadding(left: 47, right: 8, bottom: 44, top: PlotTop));
        plot.Axes.SetLimits(-0.04 * lastLayer, 1.04 * lastLayer, -3, 104);
        plot.Axes.Bottom.TickGenerator = new NumericManual(LayerTicks());
        plot.Axes.Left.TickGenerator = new NumericManual([.. Enumerable.Range(0, 6).Select(i => new Tick(20 * i, $"{20 * i}"))]);
        plot.XLabel("Layer of the text encoder");
        plot.YLabel(axis);
        ChartAxes.Dress(plot);
        plot.Grid.XAxisStyle.IsVisible = false;
        foreach (Curve curve in curves)
        {
            AddBand(plot, curve);
        }

        for (int i = 0; i < curves.Count; i++)
        {
            AddCurve(plot, curves[i], Aside(i));
            AddCorrected(plot, curves[i], Aside(i) + AsideOfCorrected);
        }

        return plot;
    }

    private static void AddBand(Plot plot, Curve curve)
    {
        MeasurePoint[] drawn = [.. curve.Points.Where(point => point.Interval is not null)];
        if (drawn.Length < 2)
        {
            return;
        }

        FillY band = plot.Add.FillY(
            [.. drawn.Select(point => (double)point.Layer)],
            [.. drawn.Select(point => 100 * point.Interval!.Low)],
            [.. drawn.Select(point => 100 * point.Interval!.High)]);
        band.FillColor = curve.Style.Color.WithAlpha(BandOpacity);
        band.LineWidth = band.MarkerSize = 0;
    }

    private static void AddCurve(Plot plot, Curve curve, double aside)
    {
        MeasurePoint[] drawn = [.. curve.Points.Where(point => point.Mean is not null)];
        double[] layers = [.. drawn.Select(point => point.Layer + aside)];
        double[] percents = [.. drawn.Select(point => 100 * point.Mean!.Value)];
        double[] spreads = [.. drawn.Select(point => 100 * point.Spread!.Value)];
        ErrorBar bars = plot.Add.ErrorBar(layers, percents, spreads);
        bars.YErrorPositive = [.. spreads.Zip(percents, (spread, percent) => Math.Min(spread, 100 - percent))];
        bars.YErrorNegative = [.. spreads.Zip(percents, Math.Min)];
        bars.Color = curve.Style.Color;
        bars.LineWidth = 1;
        bars.CapSize = 2.5f;
        Scatter line = plot.Add.Scatter(layers, percents);
        line.PathStrategy = Path(curve.Style);
        line.LineStyle = Line(curve.Style);
        line.MarkerStyle = Marker(curve.Style);
    }

    private static void AddCorrected(Plot plot, Curve curve, double aside)
    {
        MeasurePoint[] drawn = [.. curve.Points.Where(point => point.Corrected is not null)];
        if (drawn.Length == 0)
        {
            return;
        }

        double[] layers = [.. drawn.Select(point => point.Layer + aside)];
        double[] percents = [.. drawn.Select(point => 100 * point.Corrected!.Share)];
        ErrorBar bars = plot.Add.ErrorBar(layers, percents, percents);
        bars.YErrorPositive = [.. drawn.Select(point => 100 * Math.Max(0, point.Corrected!.Interval.High - point.Corrected.Share))];
        bars.YErrorNegative = [.. drawn.Select(point => 100 * Math.Max(0, point.Corrected!.Share - point.Corrected.Interval.Low))];
        bars.Color = curve.Style.Color.WithAlpha(0.55);
        bars.LineWidth = 1;
        bars.CapSize = 0;
        Scatter line = plot.Add.Scatter(layers, percents);
        line.PathStrategy = new DashedPath(dash: 1.6f, period: 4);
        line.LineStyle = new LineStyle { Color = curve.Style.Color, Width = 1.4f };
        line.MarkerStyle = new MarkerStyle(curve.Style.Marker, 4.5f, Colors.White) { OutlineColor = curve.Style.Color, OutlineWidth = 1 };
    }

    private static LineStyle Line(CurveStyle style) => new()
    {
        Color = style.Color,
        Width = 1.8f,
    };

    private static IPathStrategy Path(CurveStyle style) => style.Dashed ? new DashedPath() : new Straight();

    private static MarkerStyle Marker(CurveStyle style) => new(style.Marker, 7, style.Dashed ? Colors.White : style.Color)
    {
        OutlineColor = style.Color,
        OutlineWidth = 1.4f,
    };

    private Tick[] LayerTicks()
    {
        int every = (_layers.Length + 12) / 13;
        return [.. _layers.Select((layer, i) => new Tick(layer, (_layers.Length - 1 - i) % every == 0 ? $"{layer}" : ""))];
    }
}
