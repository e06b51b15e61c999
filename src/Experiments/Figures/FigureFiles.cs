using Experiments.Files;
using Experiments.Results;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>Writes drawings as files.</summary>
internal static class FigureFiles
{
    private const int PixelsPerUnit = 3;

    /// <summary>Writes <c>figures/NAME.svg</c> and <c>.png</c>, whole or not at all.</summary>
    /// <param name="chart">The drawing.</param>
    /// <param name="name">The figure's name.</param>
    /// <param name="title">What it shows, for readers who cannot see it.</param>
    /// <exception cref="DiffusionLens.BadInputException">A file cannot be written.</exception>
    public static void Write(Chart chart, string name, string title, ResultsFolder folder)
    {
        AtomicFile.WriteText(folder.Figure(name, "svg"), OutlinedSvg.Draw(chart.Width, chart.Height, title, chart.Draw));
        AtomicFile.Write(folder.Figure(name, "png"), stream =>
        {
            using SKSurface surface = SKSurface.Create(new SKImageInfo(chart.Width * PixelsPerUnit, chart.Height * PixelsPerUnit));
            surface.Canvas.Scale(PixelsPerUnit);
            chart.Draw(surface.Canvas);
            using SKImage image = surface.Snapshot();
            using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
            png.SaveTo(stream);
        });
    }
}
