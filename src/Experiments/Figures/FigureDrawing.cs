using System.Globalization;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Specs;
using Lens;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>Draws the curves of an experiment: <c>figures/NAME.png</c>, <c>.svg</c>, and the <c>.csv</c> they were drawn from.</summary>
public static class FigureDrawing
{
    /// <summary>The folder, in the results folder.</summary>
    public const string Folder = "figures";

    private const int PixelsPerUnit = 3;

    /// <summary>Draws every figure of the plan's spec.</summary>
    /// <param name="plan">The plan that was measured.</param>
    /// <param name="measures">What was measured.</param>
    /// <param name="folder">The results folder.</param>
    /// <exception cref="BadInputException">The folder cannot be written.</exception>
    public static void DrawAll(Plan plan, MeasureTable measures, string folder)
    {
        ArgumentNullException.ThrowIfNull(plan);
        DrawAll(plan.Spec, plan.LastLayer, plan.Seeds.Count, measures, folder);
    }

    /// <summary>Draws every figure of a spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="lastLayer">L.</param>
    /// <param name="seedCount">Number of seeds that were measured.</param>
    /// <param name="measures">What was measured.</param>
    /// <param name="folder">The results folder.</param>
    /// <exception cref="BadInputException">The folder cannot be written.</exception>
    public static void DrawAll(Spec spec, int lastLayer, int seedCount, MeasureTable measures, string folder)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(measures);
        Func<CurveSpec, CurveStyle> styleOf = CurveStyle.For(spec.Figures);
        foreach (FigureSpec figure in spec.Figures)
        {
            Curve[] curves = [.. figure.Curves.Select(curve => new Curve(curve.Label, styleOf(curve), measures.Curve(figure.Name, curve.Label)))];
            CurveChart chart = new(figure.Title, Note(seedCount, figure, curves), curves, lastLayer);
            string path = Path.Combine(folder, Folder, figure.Name);
            MeasureTable.Write($"{path}.csv", curves.SelectMany(curve => curve.Points));
            WholeFile.WriteText($"{path}.svg", OutlinedSvg.Draw(CurveChart.Width, chart.Height, figure.Title, chart.Draw));
            WholeFile.Write($"{path}.png", stream => WritePng(chart, stream));
        }
    }

    private static string Note(int seedCount, FigureSpec figure, Curve[] curves)
    {
        string rows = figure.Rows == RowChoice.All ? "All rows" : "Rows right in the last layer";
        string bars = seedCount > 1 ? $"; bars: s.d. over {seedCount} seeds" : "";
        int[] counts = [.. curves.Select(curve => curve.RowCount).Distinct()];
        string count = counts is [int same] ? string.Create(CultureInfo.InvariantCulture, $" (n = {same})") : "";
        return $"{rows}{count}{bars}; bands: 95 % over prompts";
    }

    private static void WritePng(CurveChart chart, Stream stream)
    {
        using SKSurface surface = SKSurface.Create(new SKImageInfo(CurveChart.Width * PixelsPerUnit, chart.Height * PixelsPerUnit));
        surface.Canvas.Scale(PixelsPerUnit);
        chart.Draw(surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        png.SaveTo(stream);
    }
}
