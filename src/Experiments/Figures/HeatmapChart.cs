using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Experiments.Figures;

/// <param name="Label">What stands beside it; broken where it is too long.</param>
/// <param name="Count">Number of rows of the experiment behind it.</param>
/// <param name="Cells">A share a column, 0 to 1; null where there is none.</param>
internal sealed record HeatmapRow(string Label, int Count, IReadOnlyList<double?> Cells);

/// <summary>Shares as colors, layers from the left to the right, with a bar that says what the colors mean.</summary>
/// <param name="title">One line; broken where it is too long.</param>
/// <param name="note">What is counted, in small print below the title.</param>
/// <param name="layers">The columns.</param>
/// <param name="rows">The rows, from the top; without any the note is all there is.</param>
internal sealed class HeatmapChart(string title, string note, IReadOnlyList<int> layers, IReadOnlyList<HeatmapRow> rows)
{
    private const int Width = ChartHeading.Width,
        Margin = ChartHeading.Margin,
        Bottom = 44,
        Right = 56,
        LabelGap = 8,
        WidestLabel = 140,
        BarWidth = 10,
        BarSteps = 40;

    private const float RowPadding = 11, NumberPadding = 4, LowestBar = 60, FineCell = 14;

    private static readonly TextStyle LightNumber = new(Typefaces.Regular, 11, SKColors.White);
    private static readonly TextStyle DarkNumber = new(Typefaces.Regular, 11, ChartHeading.Ink);

    private readonly ChartHeading _heading = new(title, note);

    private readonly string[][] _labels = [.. rows.Select(row => ChartHeading.LabelStyle.Wrap(row.Label, WidestLabel))];

    // Equal counts stand in the note.
    private readonly bool _hasCounts = rows.Select(row => row.Count).Distinct().Count() > 1;

    /// <summary>The drawing.</summary>
    public Chart Chart => new(
        Width, (int)Math.Ceiling(rows.Count == 0 ? _heading.Bottom + Margin : PlotTop + PlotHeight + Bottom), Draw);

    private float PlotTop => _heading.Bottom + 7;

    private float PlotHeight => Enumerable.Range(0, rows.Count).Sum(RowHeight);

    private float Left => Margin + LabelGap + rows
        .SelectMany((row, i) => _labels[i].Select(ChartHeading.LabelStyle.Measure).Append(_hasCounts ? CountWidth(row) : 0)).Max();

    private float CellWidth => (Width - Left - Right) / layers.Count;

    private float RowHeight(int row) => RowPadding + TextHeight(row);

    private float TextHeight(int row) =>
        (_labels[row].Length * ChartHeading.LabelStyle.LineHeight) + (_hasCounts ? ChartHeading.NoteStyle.LineHeight : 0);

    private static float CountWidth(HeatmapRow row) => ChartHeading.NoteStyle.Measure(CountOf(row));

    private static string CountOf(HeatmapRow row) => string.Create(CultureInfo.InvariantCulture, $"n = {row.Count}");

    private void Draw(SKCanvas canvas)
    {
        if (rows.Count == 0)
        {
            using SKPaint white = new() { Color = SKColors.White };
            canvas.DrawRect(0, 0, Width, Chart.Height, white);
            _heading.Draw(canvas);
            return;
        }

        // First: ScottPlot begins by painting the canvas white.
        using (Plot plot = MakePlot())
        {
            plot.Render(canvas, Width, Chart.Height);
        }

        _heading.Draw(canvas);
        float top = PlotTop;
        for (int row = 0; row < rows.Count; row++)
        {
            DrawLabel(canvas, row, top);
            DrawNumbers(canvas, rows[row], top + (RowHeight(row) / 2));
            top += RowHeight(row);
        }

        DrawScale(canvas);
    }

    private void DrawLabel(SKCanvas canvas, int row, float top)
    {
        float y = top + (RowPadding / 2) - 3;
        foreach (string line in _labels[row])
        {
            y += ChartHeading.LabelStyle.LineHeight;
            ChartHeading.LabelStyle.Draw(canvas, line, Left - LabelGap - ChartHeading.LabelStyle.Measure(line), y);
        }

        if (_hasCounts)
        {
            y += ChartHeading.NoteStyle.LineHeight;
            ChartHeading.NoteStyle.Draw(canvas, CountOf(rows[row]), Left - LabelGap - CountWidth(rows[row]), y);
        }
    }

    private void DrawNumbers(SKCanvas canvas, HeatmapRow row, float middle)
    {
        bool doFit = CellWidth >= DarkNumber.Measure("100") + NumberPadding;
        for (int column = 0; column < layers.Count && doFit; column++)
        {
            double? share = row.Cells[column];
            string text = share is null ? "–" : (100 * share.Value).ToString("0", CultureInfo.InvariantCulture);
            TextStyle style = share is { } value && ShareColors.IsDark(value) ? LightNumber : DarkNumber;
            style.Draw(canvas, text, Left + ((column + 0.5f) * CellWidth), middle + (style.Size * 0.36f), centered: true);
        }
    }

    // As high as the cells, but for very few of them.
    private void DrawScale(SKCanvas canvas)
    {
        float x = Width - Right + 14;
        float height = Math.Max(PlotHeight, Math.Min(LowestBar, PlotHeight + Bottom - 14)), step = height / BarSteps;
        for (int i = 0; i < BarSteps; i++)
        {
            using SKPaint paint = new() { Color = ShareColors.Of(1 - ((i + 0.5) / BarSteps)).ToSKColor() };
            canvas.DrawRect(x, PlotTop + (i * step), BarWidth, step + (i < BarSteps - 1 ? 0.5f : 0), paint);
        }

        foreach ((string text, float share) in ((string, float)[])[("100", 1), ("50", 0.5f), ("0", 0)])
        {
            float y = PlotTop + ((1 - share) * height);
            float baseline = Math.Clamp(y + 4, PlotTop + 8, PlotTop + height);
            ChartHeading.NoteStyle.Draw(canvas, text, x + BarWidth + 4, baseline);
        }
    }

    private Plot MakePlot()
    {
        EmbeddedFontResolver.Register();
        Plot plot = new();
        plot.Layout.Fixed(new PixelPadding(left: Left, right: Right, bottom: Bottom, top: PlotTop));
        plot.Axes.SetLimits(0, layers.Count, 0, PlotHeight);
        plot.Axes.Left.TickGenerator = new NumericManual();
        plot.Axes.Bottom.TickGenerator = new NumericManual(LayerTicks());
        plot.XLabel("Layer of the text encoder");
        ChartAxes.Dress(plot);
        plot.Grid.IsVisible = false;
        double top = PlotHeight;
        for (int row = 0; row < rows.Count; row++)
        {
            double bottom = top - RowHeight(row);
            for (int column = 0; column < layers.Count; column++)
            {
                AddCell(plot, column, bottom, top, rows[row].Cells[column]);
            }

            top = bottom;
        }

        return plot;
    }

    private void AddCell(Plot plot, int column, double bottom, double top, double? share)
    {
        Rectangle cell = plot.Add.Rectangle(column, column + 1, bottom, top);
        cell.FillColor = share is { } value ? ShareColors.Of(value) : ShareColors.None;
        cell.LineColor = Colors.White;
        cell.LineWidth = CellWidth < FineCell ? 0.3f : 1;
    }

    // Counted back from the last, as layers are.
    private Tick[] LayerTicks()
    {
        float widest = layers.Max(layer => ChartHeading.LabelStyle.Measure($"{layer}")) + 6;
        int every = Math.Max(1, (int)Math.Ceiling(widest / CellWidth));
        return [.. layers.Select((layer, i) => new Tick(i + 0.5, (layers.Count - 1 - i) % every == 0 ? $"{layer}" : ""))];
    }
}
