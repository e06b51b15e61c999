using DiffusionLens;
using SkiaSharp;

namespace Experiments.Reports;

/// <summary>An image inside a page, not larger than it is seen there.</summary>
/// <param name="Image">A <c>data:</c> URI.</param>
/// <param name="IsTiny">Whether it has fewer pixels than it is seen with.</param>
internal sealed record EmbeddedThumbnail(string Image, bool IsTiny)
{
    private const int Side = 256, Quality = 80;

    /// <summary>The thumbnail of an image.</summary>
    /// <param name="png">Its file.</param>
    /// <exception cref="BadInputException">It is missing or no image.</exception>
    public static EmbeddedThumbnail Of(string png)
    {
        using SKBitmap image = SKBitmap.Decode(png) ?? throw new BadInputException($"{png}: cannot be read as an image; make it again");
        int longer = Math.Max(image.Width, image.Height);
        if (longer <= Side)
        {
            return new EmbeddedThumbnail(DataUri.Of("image/png", File.ReadAllBytes(png)), IsTiny: true);
        }

        SKSizeI size = new(Math.Max(1, image.Width * Side / longer), Math.Max(1, image.Height * Side / longer));
        using SKBitmap small = image.Resize(size, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using SKData webp = small.Encode(SKEncodedImageFormat.Webp, Quality);
        return new EmbeddedThumbnail(DataUri.Of("image/webp", webp.ToArray()), IsTiny: false);
    }
}
