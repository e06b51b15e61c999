using System.Globalization;
using Experiments.Measures;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>A bar of a <see cref="FailureChart"/>.</summary>
/// <param name="Label">What stands below it.</param>
/// <param name="Failures">The failures.</param>
/// <param name="Interval">95 % interval of the share of failures, over prompts.</param>
internal sealed record FailureBar(string Label, Failures Failures, Interval? Interval);

/// <summary>Failures as bars (the paper's Figs 14 and 28): their length is the share of rows that fail in the last layer. They lie, so that
/// the names of many conditions have room beside them.</summary>
/// <param name="title">One line; broken where it is too long.</param>
/// <param name="note">What is counted, in small print below the title.</param>
/// <param name="bars">The bars, from the top; without any the note is all there is.</param>
internal sealed class FailureChart(string title, string note, IReadOnlyList<FailureBar> bars)
{
    /// <summary>Width in logical pixels.</summary>
    public const int Width = CurveChart.Width;

    private const int BarHeight = 33, Margin = 12, LegendRow = 17, Right = 14, Bottom = 44, LabelGap = 8;
    private const double BarSize = 0.62;

    private static readonly SKColor Ink = new(0x22, 0x22, 0x22);
    private static readonly Color EarlyColor = Color.FromHex("#E69F00"), CompleteColor = Color.FromHex("#0072B2");

    private static readonly TextStyle TitleStyle = new(Typefaces.SemiBold, 15, Ink);
    private static readonly TextStyle NoteStyle = new(Typefaces.Regular, 11, new SKColor(0x66, 0x66, 0x66));
    private static readonly TextStyle LabelStyle = new(Typefaces.Regular, 11.5f, Ink);

    private readonly string[] _titleLines = TitleStyle.Wrap(title, Width - (2 * Margin));
    private readonly string[] _noteLines = NoteStyle.Wrap(note, Width - (2 * Margin));

    /// <summary>Height in logical pixels.</summary>
    public int Height => (int)Math.Ceiling(bars.Count == 0 ? LegendTop + Margin : PlotTop + (bars.Count * BarHeight) + Bottom);

    private float LegendTop => Margin + (_titleLines.Length * TitleStyle.LineHeight) + (_noteLines.Length * NoteStyle.LineHeight) + 3;

    private float PlotTop => LegendTop + (2 * LegendRow) + 7;

    private float Left => Margin + bars.Max(bar => LabelStyle.Measure(bar.Label)) + LabelGap;

    /// <summary>Draws the chart at the canvas's origin.</summary>
    /// <param name="canvas">Where to.</param>
    public void Draw(SKCanvas canvas)
    {
        // First: ScottPlot begins by painting the canvas white.
        DrawPlot(canvas);
        float y = Margin - 4;
        foreach (string line in _titleLines)
        {
            TitleStyle.Draw(canvas, line, Margin, y += TitleStyle.LineHeight);
        }

        foreach (string line in _noteLines)
        {
            NoteStyle.Draw(canvas, line, Margin, y += NoteStyle.LineHeight);
        }

        if (bars.Count > 0)
        {
            DrawLegend(canvas, "Complete failure: no layer is right", CompleteColor, 0);
            DrawLegend(canvas, "Success in an earlier layer, then failure", EarlyColor, 1);
        }

        for (int i = 0; i < bars.Count; i++)
        {
            float middle = PlotTop + ((i + 0.5f) * BarHeight);
            DrawBeside(LabelStyle, bars[i].Label, middle - 1);
            DrawBeside(NoteStyle, string.Create(CultureInfo.InvariantCulture, $"n = {bars[i].Failures.Count}"), middle - 1 + NoteStyle.LineHeight);
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
        float y = LegendTop + (row * LegendRow);
        using SKPaint paint = new() { Color = color.ToSKColor() };
        canvas.DrawRect(Margin, y + 3, 18, 10, paint);
        LabelStyle.Draw(canvas, text, Margin + 25, y + 12);
    }

    private Plot MakePlot()
    {
        EmbeddedFontResolver.Register();
        Plot plot = new();
        double highest = bars.Max(bar => Math.Max(Share(bar), bar.Interval?.High ?? 0)) * 100;
        int step = highest > 50 ? 20 : highest > 25 ? 10 : 5;
        double top = Math.Max(step, Math.Ceiling(highest / step) * step);
        plot.Layout.Fixed(new PixelPadding(left: Left, right: Right, bottom: Bottom, top: PlotTop));
        plot.Axes.SetLimits(0, top * 1.01, -0.5, bars.Count - 0.5);
        plot.Axes.Left.TickGenerator = new NumericManual();
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. Enumerable.Range(0, (int)(top / step) + 1).Select(i => new Tick(i * step, $"{i * step}"))]);
        plot.XLabel("Failures (% of rows)");
        plot.Font.Set(EmbeddedFontResolver.Family);
        plot.Axes.Top.IsVisible = plot.Axes.Right.IsVisible = false;
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Grid.MajorLineColor = Color.FromHex("#E4E4E4");
        IAxis bottom = plot.Axes.Bottom;
        bottom.Label.FontSize = bottom.TickLabelStyle.FontSize = 11.5f;
        bottom.Label.Bold = false;
        bottom.Label.ForeColor = bottom.TickLabelStyle.ForeColor = Color.FromSKColor(Ink);
        foreach (IAxis axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left])
        {
            axis.FrameLineStyle.Color = axis.MajorTickStyle.Color = Color.FromHex("#888888");
        }

        for (int i = 0; i < bars.Count; i++)
        {
            Failures failures = bars[i].Failures;
            int place = bars.Count - 1 - i;
            double complete = 100.0 * failures.Complete / failures.Count, all = 100.0 * failures.Failed / failures.Count;
            plot.Add.Bars((Bar[])[Piece(place, 0, complete, CompleteColor), Piece(place, complete, all, EarlyColor)]);
            if (bars[i].Interval is Interval interval)
            {
                ErrorBar error = plot.Add.ErrorBar([all], [place], [0]);
                error.YErrorPositive = error.YErrorNegative = null;
                error.XErrorPositive = [Math.Max(0, (100 * interval.High) - all)];
                error.XErrorNegative = [Math.Max(0, all - (100 * interval.Low))];
                error.Color = Color.FromSKColor(Ink);
                error.LineWidth = 1;
                error.CapSize = 3;
            }
        }

        return plot;
    }

    private static double Share(FailureBar bar) => (double)bar.Failures.Failed / bar.Failures.Count;

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
