using Experiments.Images;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace Experiments.Answers.Vision;

/// <summary>An image as it is sent: a PNG in a data URI, with its pixels and nothing else, small ones enlarged by a whole factor.</summary>
internal static class SentImage
{
    /// <summary>Images with a shorter side are enlarged: models see in patches of 14 to 32 pixels.</summary>
    public const int LeastSide = 224;

    private static readonly PngEncoder Encoder = new()
    {
        ColorType = PngColorType.Rgb,
        BitDepth = PngBitDepth.Bit8,
        IgnoreMetadata = true,
    };

    /// <summary>The image.</summary>
    /// <returns><c>data:image/png;base64,...</c>.</returns>
    public static string Of(ImageLevels image)
    {
        ImageLevels enlarged = Enlarged(image);
        using Image<Rgb24> pixels = Image.LoadPixelData<Rgb24>(enlarged.Rgb, enlarged.Width, enlarged.Height);
        using MemoryStream png = new();
        pixels.Save(png, Encoder);
        return $"data:image/png;base64,{Convert.ToBase64String(png.GetBuffer(), 0, (int)png.Length)}";
    }

    /// <summary>By how much an image is enlarged.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static int FactorOf(int width, int height) => (LeastSide + Math.Min(width, height) - 1) / Math.Min(width, height);

    // Each pixel becomes a square: what was sharp stays sharp.
    internal static ImageLevels Enlarged(ImageLevels image)
    {
        int factor = FactorOf(image.Width, image.Height), width = image.Width * factor, height = image.Height * factor;
        if (factor == 1)
        {
            return image;
        }

        byte[] rgb = new byte[width * height * ImageLevels.Channels];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int from = (((y / factor) * image.Width) + (x / factor)) * ImageLevels.Channels;
                image.Rgb.AsSpan(from, ImageLevels.Channels).CopyTo(rgb.AsSpan(((y * width) + x) * ImageLevels.Channels));
            }
        }

        return new ImageLevels(width, height, rgb);
    }
}
