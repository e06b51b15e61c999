using System.Globalization;
using Experiments.Figures;
using ScottPlot;

namespace Training.Runs;

/// <summary>Draws a training's log: the loss and every measure against the samples seen, one panel each.</summary>
internal static class TrainingPlot
{
    private const int PanelWidth = 420, PanelHeight = 300, FirstMeasure = 4;

    /// <param name="log">The CSV of a <see cref="TrainingLog"/>.</param>
    public static void Draw(string log, string png)
    {
        string[][] lines = [.. File.ReadLines(log).Select(line => line.Split(','))];
        string[] columns = lines[0];
        double[][] rows = [.. lines.Skip(1)
            .Select(cells => cells.Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        int samples = Array.IndexOf(columns, "samples");
        EmbeddedFontResolver.Register();
        Multiplot panels = new();
        panels.RemovePlot(panels.GetPlot(0));
        foreach (int column in Enumerable.Range(FirstMeasure, columns.Length - FirstMeasure))
        {
            Plot plot = new();
            plot.Font.Set(EmbeddedFontResolver.Family);
            plot.Title(columns[column].Replace('_', ' '), size: 14);
            plot.XLabel("Thousand samples");
            double[] values = [.. rows.Select(row => row[column])];
            plot.Add.Scatter(rows.Select(row => row[samples] / 1000).ToArray(), values);
            if (values.Min() == values.Max())
            {
                // Else the axis would run to where a share cannot be.
                plot.Axes.SetLimitsY(0.9 * values[0], 1.01 * values[0]);
            }

            panels.AddPlot(plot);
        }

        int side = (int)Math.Ceiling(Math.Sqrt(columns.Length - FirstMeasure));
        int down = (columns.Length - FirstMeasure + side - 1) / side;
        panels.Layout = new ScottPlot.MultiplotLayouts.Grid(down, side);
        panels.SavePng(png, PanelWidth * side, PanelHeight * down);
    }
}
