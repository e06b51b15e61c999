using DiffusionLens;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>Images as WebP, small enough to carry in a page.</summary>
internal static class WebpImage
{
    /// <summary>The longest side that the format has room for.</summary>
    internal const int LongestSide = 16383;

    private const int Quality = 80;

    /// <summary>An image as WebP, scaled down where it is longer than the format allows.</summary>
    /// <exception cref="BadInputException">It cannot be encoded.</exception>
    public static byte[] Encode(SKImage image)
    {
        if (Math.Max(image.Width, image.Height) > LongestSide)
        {
            using SKImage smaller = Fitted(image);
            return Encode(smaller);
        }

        using SKData webp = image.Encode(SKEncodedImageFormat.Webp, Quality)
            ?? throw new BadInputException($"an image of {image.Width} x {image.Height} pixels cannot be written as WebP");
        return webp.ToArray();
    }

    private static SKImage Fitted(SKImage image)
    {
        double scale = LongestSide / (double)Math.Max(image.Width, image.Height);
        SKSizeI size = new(Side(image.Width), Side(image.Height));
        using SKSurface surface = SKSurface.Create(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        surface.Canvas.DrawImage(
            image, SKRect.Create(size.Width, size.Height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return surface.Snapshot();

        int Side(int pixels) => Math.Max(1, (int)Math.Round(pixels * scale));
    }
}
