using DiffusionLens;
using Experiments.Figures;
using Experiments.Files;
using SkiaSharp;

namespace Experiments.Reports;

/// <summary>A figure or strip inside a page.</summary>
/// <param name="Caption">Of which model it is.</param>
/// <param name="Image">A <c>data:</c> URI.</param>
/// <param name="IsWide">Whether it takes the whole width.</param>
internal sealed record EmbeddedImage(string Caption, string Image, bool IsWide)
{
    /// <summary>What it shows, for readers who cannot see it; empty where that is not known.</summary>
    public string Summary { get; init; } = "";

    /// <summary>A figure.</summary>
    /// <param name="svg">Its file.</param>
    /// <param name="csv">What it was drawn from.</param>
    public static EmbeddedImage Figure(string caption, string svg, string csv) =>
        new(caption, DataUri.Of("image/svg+xml", Utf8Text.ReadBytes(svg)), IsWide: false) { Summary = FigureSummary.OfFile(csv) };

    /// <summary>A strip, smaller than its file.</summary>
    /// <param name="png">Its file.</param>
    /// <exception cref="BadInputException">The file is no image.</exception>
    public static EmbeddedImage Strip(string caption, string png)
    {
        using SKImage strip =
            SKImage.FromEncodedData(png) ?? throw new BadInputException($"{png}: cannot be read as an image; draw it again");
        return new EmbeddedImage(caption, DataUri.Of("image/webp", WebpImage.Encode(strip)), IsWide: true);
    }
}
