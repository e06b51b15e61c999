using Experiments.Files;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>Writes drawings as files.</summary>
internal static class FigureFiles
{
    private const int PixelsPerUnit = 3;

    /// <summary>Writes <c>PATH.svg</c> and <c>PATH.png</c>, whole or not at all.</summary>
    /// <param name="path">The files without their endings.</param>
    /// <param name="width">Width in logical pixels.</param>
    /// <param name="height">Height in logical pixels.</param>
    /// <param name="title">What it shows, for readers who cannot see it.</param>
    /// <param name="draw">Draws it.</param>
    /// <exception cref="DiffusionLens.BadInputException">A file cannot be written.</exception>
    public static void Write(string path, int width, int height, string title, Action<SKCanvas> draw)
    {
        AtomicFile.WriteText($"{path}.svg", OutlinedSvg.Draw(width, height, title, draw));
        AtomicFile.Write($"{path}.png", stream =>
        {
            using SKSurface surface = SKSurface.Create(new SKImageInfo(width * PixelsPerUnit, height * PixelsPerUnit));
            surface.Canvas.Scale(PixelsPerUnit);
            draw(surface.Canvas);
            using SKImage image = surface.Snapshot();
            using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
            png.SaveTo(stream);
        });
    }
}
