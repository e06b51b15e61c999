using System.Globalization;
using Experiments.Measures;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Experiments.Figures;

/// <param name="Label">What stands beside it.</param>
/// <param name="Count">Number of rows behind it.</param>
/// <param name="Pieces">The lengths of its pieces, 0 to 1 in all, in the order of the chart's pieces.</param>
/// <param name="Interval">95 % interval of the whole length, over prompts.</param>
internal sealed record ChartBar(string Label, int Count, IReadOnlyList<double> Pieces, Interval? Interval)
{
    /// <summary>The whole length, 0 to 1.</summary>
    public double Length => Pieces.Sum();
}

/// <summary>Shares of rows as bars, in one piece or several. They lie, so that names of many conditions have room beside them.</summary>
/// <param name="title">One line; broken where it is too long.</param>
/// <param name="note">What is counted, in small print below the title.</param>
/// <param name="axis">What the length is.</param>
/// <param name="pieces">What the pieces are; of one piece it stands on the axis alone.</param>
/// <param name="bars">The bars, from the top; without any the note is all there is.</param>
internal sealed class BarChart(string title, string note, string axis, IReadOnlyList<string> pieces, IReadOnlyList<ChartBar> bars)
{
    private const int Width = ChartHeading.Width,
        Margin = ChartHeading.Margin,
        BarHeight = 33,
        LegendRow = 17,
        Right = 14,
        Bottom = 44,
        LabelGap = 8,
        WidestLabel = 200;
    private const double BarSize = 0.62;

    private static readonly Color[] PieceColors = [Color.FromHex("#0072B2"), Color.FromHex("#E69F00")];

    private readonly ChartHeading _heading = new(title, note);

    private readonly string[][] _labels = [.. bars.Select(bar => ChartHeading.LabelStyle.Wrap(bar.Label, WidestLabel))];

    /// <summary>The drawing.</summary>
    public Chart Chart => new(Width, Height, Draw);

    private int Height => (int)Math.Ceiling(bars.Count == 0 ? _heading.Bottom + Margin : PlotTop + (bars.Count * RowHeight) + Bottom);

    private float RowHeight => BarHeight + ((_labels.Max(lines => lines.Length) - 1) * ChartHeading.LabelStyle.LineHeight);

    private bool HasLegend => pieces.Count > 1;

    private float PlotTop => _heading.Bottom + (HasLegend ? pieces.Count * LegendRow : 0) + 7;

    private float Left => Margin + _labels.Max(lines => lines.Max(ChartHeading.LabelStyle.Measure)) + LabelGap;

    private void Draw(SKCanvas canvas)
    {
        // First: ScottPlot begins by painting the canvas white.
        DrawPlot(canvas);
        _heading.Draw(canvas);
        for (int piece = 0; HasLegend && bars.Count > 0 && piece < pieces.Count; piece++)
        {
            DrawLegend(canvas, pieces[piece], PieceColors[piece], piece);
        }

        for (int i = 0; i < bars.Count; i++)
        {
            float middle = PlotTop + ((i + 0.5f) * RowHeight);
            float baseline = middle - 1 - ((_labels[i].Length - 1) * ChartHeading.LabelStyle.LineHeight / 2);
            foreach ((int row, string line) in _labels[i].Index())
            {
                DrawBeside(ChartHeading.LabelStyle, line, baseline + (row * ChartHeading.LabelStyle.LineHeight));
            }

            DrawBeside(
                ChartHeading.NoteStyle,
                string.Create(CultureInfo.InvariantCulture, $"n = {bars[i].Count}"),
                baseline + ((_labels[i].Length - 1) * ChartHeading.LabelStyle.LineHeight) + ChartHeading.NoteStyle.LineHeight);
        }

        void DrawBeside(TextStyle style, string text, float baseline) =>
            style.Draw(canvas, text, Left - LabelGap - style.Measure(text), baseline);
    }

    private void DrawPlot(SKCanvas canvas)
    {
        if (bars.Count == 0)
        {
            using SKPaint white = new() { Color = SKColors.White };
            canvas.DrawRect(0, 0, Width, Height, white);
            return;
        }

        using Plot plot = MakePlot();
        plot.Render(canvas, Width, Height);
    }

    private void DrawLegend(SKCanvas canvas, string text, Color color, int row)
    {
        float y = _heading.Bottom + (row * LegendRow);
        using SKPaint paint = new() { Color = color.ToSKColor() };
        canvas.DrawRect(Margin, y + 3, 18, 10, paint);
        ChartHeading.LabelStyle.Draw(canvas, text, Margin + 25, y + 12);
    }

    private Plot MakePlot()
    {
        EmbeddedFontResolver.Register();
        Plot plot = new();
        double highest = bars.Max(bar => Math.Max(bar.Length, bar.Interval?.High ?? 0)) * 100;
        int step = highest > 50 ? 20 : highest > 25 ? 10 : 5;
        double top = Math.Max(step, Math.Ceiling(highest / step) * step);
        plot.Layout.Fixed(new PixelPadding(left: Left, right: Right, bottom: Bottom, top: PlotTop));
        plot.Axes.SetLimits(0, top * 1.01, -0.5, bars.Count - 0.5);
        plot.Axes.Left.TickGenerator = new NumericManual();
        plot.Axes.Bottom.TickGenerator = new NumericManual([
            .. Enumerable.Range(0, (int)(top / step) + 1).Select(i => new Tick(i * step, $"{i * step}")),
        ]);
        plot.XLabel(axis);
        ChartAxes.Dress(plot);
        plot.Grid.YAxisStyle.IsVisible = false;
        for (int i = 0; i < bars.Count; i++)
        {
            AddBar(plot, bars[i], place: bars.Count - 1 - i);
        }

        return plot;
    }

    private static void AddBar(Plot plot, ChartBar bar, int place)
    {
        double from = 0;
        List<Bar> parts = [];
        for (int piece = 0; piece < bar.Pieces.Count; piece++)
        {
            double to = from + (100 * bar.Pieces[piece]);
            parts.Add(Piece(place, from, to, PieceColors[piece]));
            from = to;
        }

        plot.Add.Bars(parts);
        if (bar.Interval is Interval interval)
        {
            ErrorBar error = plot.Add.ErrorBar([from], [place], [0]);
            error.YErrorPositive = error.YErrorNegative = null;
            error.XErrorPositive = [Math.Max(0, (100 * interval.High) - from)];
            error.XErrorNegative = [Math.Max(0, from - (100 * interval.Low))];
            error.Color = Color.FromSKColor(ChartHeading.Ink);
            error.LineWidth = 1;
            error.CapSize = 3;
        }
    }

    private static Bar Piece(int position, double from, double to, Color color) => new()
    {
        Position = position,
        ValueBase = from,
        Value = to,
        Size = BarSize,
        FillColor = color,
        LineWidth = 0,
        Orientation = Orientation.Horizontal,
    };
}
