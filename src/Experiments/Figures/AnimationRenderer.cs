using Experiments.Files;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing.Processors.Quantization;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>A contact sheet as an animated GIF: its rows side by side, its columns one after another, each fading into the next. The same
/// sheet gives the same bytes.</summary>
internal static class AnimationRenderer
{
    private const int Margin = 10, Gap = 6, SmallestTile = 128, LargestTile = 256, Foot = 30;

    // Hundredths of a second.
    private const int Shown = 55, LastShown = 220, Faded = 9;

    private const int Colors = 64;

    private static readonly SKColor Ink = new(0x22, 0x22, 0x22), Faint = new(0x66, 0x66, 0x66), Ahead = new(0xD5, 0xD5, 0xD5),
        Here = new(0x00, 0x72, 0xB2);

    private static readonly TextStyle Label = new(Typefaces.SemiBold, 15, Ink), Note = new(Typefaces.Regular, 15, Faint);

    /// <summary>Draws the animation, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DiffusionLens.BadInputException">An image cannot be read, or the file cannot be written.</exception>
    public static void Draw(ContactSheet sheet, string path)
    {
        SKImage[][] rows = [.. sheet.Rows.Select(row => row.Cells.Select(cell => cell.Image()).ToArray())];
        try
        {
            using Image<Rgba32> animation = Animate(sheet, rows);
            AtomicFile.Write(path, stream => animation.Save(stream, new GifEncoder
            {
                ColorTableMode = GifColorTableMode.Local,
                Quantizer = new WuQuantizer(new QuantizerOptions { MaxColors = Colors, Dither = null }),
            }));
        }
        finally
        {
            Array.ForEach(rows, row => Array.ForEach(row, image => image.Dispose()));
        }
    }

    private static Image<Rgba32> Animate(ContactSheet sheet, SKImage[][] rows)
    {
        Image<Rgba32>? animation = null;
        for (int column = 0; column < sheet.Columns.Count; column++)
        {
            bool isLast = column == sheet.Columns.Count - 1;
            Add(Frame(sheet, rows, column, next: 0), isLast ? LastShown : Shown);
            if (!isLast)
            {
                Add(Frame(sheet, rows, column, next: 0.5f), Faded);
            }
        }

        animation!.Metadata.GetGifMetadata().RepeatCount = 0;
        return animation;

        void Add(Image<Rgba32> frame, int delay)
        {
            frame.Frames.RootFrame.Metadata.GetGifMetadata().FrameDelay = delay;
            if (animation is null)
            {
                animation = frame;
                return;
            }

            animation.Frames.AddFrame(frame.Frames.RootFrame);
            frame.Dispose();
        }
    }

    // A column's images, and over them the next one's, as far as they are to be seen.
    private static Image<Rgba32> Frame(ContactSheet sheet, SKImage[][] rows, int column, float next)
    {
        SKSizeI tile = TileOf(rows[0][0]);
        int width = (2 * Margin) + (rows.Length * (tile.Width + Gap)) - Gap, height = Margin + tile.Height + Foot;
        SKImageInfo info = new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using SKSurface surface = SKSurface.Create(info);
        surface.Canvas.Clear(SKColors.White);
        for (int row = 0; row < rows.Length; row++)
        {
            SKRect place = SKRect.Create(Margin + (row * (tile.Width + Gap)), Margin, tile.Width, tile.Height);
            Place(surface.Canvas, rows[row][column], place, visible: 1);
            if (next > 0)
            {
                Place(surface.Canvas, rows[row][column + 1], place, next);
            }
        }

        DrawFoot(surface.Canvas, sheet, next > 0.5f ? column + 1 : column, width, Margin + tile.Height);
        using SKImage drawn = surface.Snapshot();
        using SKPixmap pixels = drawn.PeekPixels();
        return Image.LoadPixelData<Rgba32>(pixels.GetPixelSpan(), width, height);
    }

    private static void Place(SKCanvas canvas, SKImage image, SKRect place, float visible)
    {
        using SKPaint paint = new() { Color = SKColors.White.WithAlpha((byte)Math.Round(255 * visible)) };
        canvas.DrawImage(image, place, new SKSamplingOptions(SKCubicResampler.Mitchell), paint);
    }

    // The column's heading, the title where there is room for it, and a dot a column.
    private static void DrawFoot(SKCanvas canvas, ContactSheet sheet, int column, int width, float top)
    {
        const float Dot = 3.5f, Step = 14;
        float middle = top + (Foot / 2f) + 1;
        Label.Draw(canvas, sheet.Columns[column], Margin, middle + 5);
        float left = width - Margin - Dot - ((sheet.Columns.Count - 1) * Step);
        float titleLeft = Margin + sheet.Columns.Max(Label.Measure) + 14;
        if (titleLeft + Note.Measure(sheet.Title) < left - Step)
        {
            Note.Draw(canvas, sheet.Title, titleLeft, middle + 5);
        }

        using SKPaint paint = new() { IsAntialias = true };
        for (int i = 0; i < sheet.Columns.Count; i++)
        {
            paint.Color = i <= column ? Here : Ahead;
            canvas.DrawCircle(left + (i * Step), middle, i == column ? Dot + 1.5f : Dot, paint);
        }
    }

    private static SKSizeI TileOf(SKImage image)
    {
        int longest = Math.Max(image.Width, image.Height);
        double scale = longest <= LargestTile ? Math.Max(1, (SmallestTile + longest - 1) / longest) : LargestTile / (double)longest;
        return new SKSizeI((int)Math.Round(image.Width * scale), (int)Math.Round(image.Height * scale));
    }
}
