using DiffusionLens;
using Experiments.Files;
using Experiments.Images;
using Experiments.Results;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace Experiments.Explorer;

/// <summary>
/// Small images of all that a run made, many to a file, so that a page with ten thousand of them opens a few files and not all. Where an
/// image is not there its place stays gray.
/// </summary>
internal static class ThumbnailSheets
{
    private const int LongestSide = 96, SheetSide = 1024, UnknownSide = 64;

    private const byte Gray = 0x80;

    // No halved color: at this size edges are what one sees.
    private static readonly JpegEncoder Encoder = new() { Quality = 85, ColorType = JpegColorType.YCbCrRatio444 };

    /// <summary>Writes <c>explore/sheet-000.jpg</c> and those after it, and removes such of an earlier, larger run.</summary>
    /// <param name="images">The images' files below the results folder, in the order of their numbers.</param>
    /// <param name="cancellation">Stops between two sheets.</param>
    /// <exception cref="BadInputException">An image is damaged, or the folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ThumbnailSet Write(IReadOnlyList<string> images, ResultsFolder folder, CancellationToken cancellation)
    {
        string[] files = [.. images.Select(folder.In)];
        ImageLevels? first = files.Where(File.Exists).Take(1).Select(ImageFile.ReadLevels).FirstOrDefault();
        ThumbnailLayout layout = LayoutOf(first, files.Length);
        List<int>[] missing = [.. Enumerable.Range(0, layout.Sheets).Select(_ => new List<int>())];
        try
        {
            Parallel.For(0, layout.Sheets, new ParallelOptions { CancellationToken = cancellation }, WriteSheet);
        }
        catch (AggregateException failure) when (failure.Flatten().InnerExceptions.OfType<BadInputException>().FirstOrDefault() is { } bad)
        {
            throw bad;
        }

        RemoveSheetsFrom(layout.Sheets, folder);
        return new ThumbnailSet(layout, first?.Width ?? 0, first?.Height ?? 0, [.. missing.SelectMany(numbers => numbers)]);

        void WriteSheet(int sheet)
        {
            int begin = sheet * layout.OfSheet, count = Math.Min(layout.OfSheet, files.Length - begin);
            int width = layout.Columns * layout.Width, height = (count + layout.Columns - 1) / layout.Columns * layout.Height;
            byte[] rgb = new byte[width * height * ImageLevels.Channels];
            Array.Fill(rgb, Gray);
            for (int i = 0; i < count; i++)
            {
                if (File.Exists(files[begin + i]))
                {
                    int x = i % layout.Columns * layout.Width, y = i / layout.Columns * layout.Height;
                    Draw(ImageFile.ReadLevels(files[begin + i]), layout, rgb.AsSpan(((y * width) + x) * ImageLevels.Channels), width);
                }
                else
                {
                    missing[sheet].Add(begin + i);
                }
            }

            using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(rgb, width, height);
            AtomicFile.Write(folder.ThumbnailSheet(sheet), stream => image.Save(stream, Encoder));
        }
    }

    private static ThumbnailLayout LayoutOf(ImageLevels? first, int count)
    {
        (int width, int height) = first is null ? (UnknownSide, UnknownSide) : Fitted(first, LongestSide, LongestSide);
        int columns = Math.Max(1, SheetSide / width), rows = Math.Max(1, SheetSide / height);
        return new ThumbnailLayout(width, height, columns, rows, (count + (columns * rows) - 1) / (columns * rows));
    }

    private static (int Width, int Height) Fitted(ImageLevels image, int width, int height)
    {
        double scale = Math.Min(1, Math.Min(width / (double)image.Width, height / (double)image.Height));
        return (Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
    }

    // Each pixel is the mean of those that it stands for, in whole numbers: the same on every processor.
    private static void Draw(ImageLevels image, ThumbnailLayout layout, Span<byte> target, int stride)
    {
        (int width, int height) = Fitted(image, layout.Width, layout.Height);
        int left = (layout.Width - width) / 2, top = (layout.Height - height) / 2;
        for (int y = 0; y < height; y++)
        {
            int y0 = y * image.Height / height, y1 = Math.Max(y0 + 1, (y + 1) * image.Height / height);
            for (int x = 0; x < width; x++)
            {
                int x0 = x * image.Width / width, x1 = Math.Max(x0 + 1, (x + 1) * image.Width / width);
                int at = (((top + y) * stride) + left + x) * ImageLevels.Channels, pixels = (y1 - y0) * (x1 - x0);
                for (int channel = 0; channel < ImageLevels.Channels; channel++)
                {
                    int sum = 0;
                    for (int row = y0; row < y1; row++)
                    {
                        for (int column = x0; column < x1; column++)
                        {
                            sum += image.Rgb[(((row * image.Width) + column) * ImageLevels.Channels) + channel];
                        }
                    }

                    target[at + channel] = (byte)((sum + (pixels / 2)) / pixels);
                }
            }
        }
    }

    private static void RemoveSheetsFrom(int count, ResultsFolder folder)
    {
        for (int sheet = count; File.Exists(folder.ThumbnailSheet(sheet)); sheet++)
        {
            File.Delete(folder.ThumbnailSheet(sheet));
        }
    }
}

/// <summary>How thumbnails lie in sheets: row by row, as many to each sheet.</summary>
/// <param name="Width">Of a thumbnail, in pixels.</param>
/// <param name="Height">Of a thumbnail, in pixels.</param>
/// <param name="Columns">How many lie side by side.</param>
/// <param name="Rows">How many rows a full sheet has; the last sheet may have fewer.</param>
/// <param name="Sheets">How many sheets there are.</param>
internal sealed record ThumbnailLayout(int Width, int Height, int Columns, int Rows, int Sheets)
{
    /// <summary>How many thumbnails a full sheet has.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int OfSheet => Columns * Rows;
}

/// <summary>The thumbnails of a run.</summary>
/// <param name="Width">Of the images that they are of, in pixels; 0 where none is there.</param>
/// <param name="Height">Of the images that they are of, in pixels; 0 where none is there.</param>
/// <param name="Missing">The numbers of images that are not there, ascending.</param>
internal sealed record ThumbnailSet(ThumbnailLayout Layout, int Width, int Height, IReadOnlyList<int> Missing);
