using Experiments.Images;
using SkiaSharp;
using static TorchSharp.torch;

namespace Experiments.Figures;

/// <summary>A contact strip: rows of images of one prompt and seed each, a column a layer (the paper's Figs 4 and 6).</summary>
/// <param name="Title">One line above it.</param>
/// <param name="Note">Small print below the title; empty for none.</param>
/// <param name="Columns">The columns' headings.</param>
/// <param name="Rows">The rows, from the top.</param>
internal sealed record ContactSheet(string Title, string Note, IReadOnlyList<string> Columns, IReadOnlyList<ContactSheetRow> Rows);

/// <param name="Label">What its images were made of: the prompt.</param>
/// <param name="Note">Small print below the label: the seed.</param>
/// <param name="Cells">A cell a column.</param>
internal sealed record ContactSheetRow(string Label, string Note, IReadOnlyList<ContactSheetCell> Cells);

/// <summary>An image in a <see cref="ContactSheetRow"/>.</summary>
/// <param name="Image">Gets the image, which is disposed after it is drawn.</param>
/// <param name="Right">True draws a tick on it: the image shows what its prompt says.</param>
internal sealed record ContactSheetCell(Func<SKImage> Image, bool Right = false)
{
    /// <summary>An image in a file.</summary>
    /// <param name="path">The file; it is read when it is drawn.</param>
    /// <param name="right">True draws a tick on it.</param>
    public static ContactSheetCell FromFile(string path, bool right = false) => new(() => ToSkia(ImageFile.ReadLevels(path)), right);

    /// <summary>An image just made.</summary>
    /// <param name="pixels"><c>[3, H, W]</c>, 0..1; must live until it is drawn.</param>
    public static ContactSheetCell FromPixels(Tensor pixels) => new(() => ToSkia(ImageFile.LevelsOf(pixels)));

    private static SKImage ToSkia(ImageLevels image)
    {
        byte[] rgbx = new byte[image.Width * image.Height * 4];
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            image.Rgb.AsSpan(i * ImageLevels.Channels, ImageLevels.Channels).CopyTo(rgbx.AsSpan(4 * i));
            rgbx[(4 * i) + ImageLevels.Channels] = byte.MaxValue;
        }

        return SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, SKColorType.Rgb888x, SKAlphaType.Opaque), rgbx);
    }
}
