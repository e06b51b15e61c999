using Experiments.Files;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>
/// Draws contact strips. Small images are enlarged by a whole number with hard edges, large ones are scaled down smoothly.
/// </summary>
internal static class ContactSheetRenderer
{
    private const int Margin = 20, Gap = 4, LabelWidth = 190, SmallestCell = 128, LargestCell = 192, Heading = 26;

    private static readonly SKColor Ink = new(0x22, 0x22, 0x22), Faded = new(0x66, 0x66, 0x66), TickColor = new(0x00, 0x72, 0xB2);

    private static readonly TextStyle Title = new(Typefaces.SemiBold, 24, Ink);
    private static readonly TextStyle Note = new(Typefaces.Regular, 16, Faded);
    private static readonly TextStyle Column = new(Typefaces.SemiBold, 16, Ink);
    private static readonly TextStyle Label = new(Typefaces.Regular, 18, Ink);

    /// <summary>Draws a strip as PNG, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DiffusionLens.BadInputException">An image cannot be read, or the file cannot be written.</exception>
    public static void Draw(ContactSheet sheet, string path)
    {
        using SKImage image = Draw(sheet);
        using SKData png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Write(path, png.SaveTo);
    }

    /// <summary>The strip as WebP, small enough to carry in a page.</summary>
    /// <exception cref="DiffusionLens.BadInputException">An image cannot be read.</exception>
    internal static byte[] EncodeSmall(ContactSheet sheet)
    {
        using SKImage image = Draw(sheet);
        return WebpImage.Encode(image);
    }

    private static SKImage Draw(ContactSheet sheet)
    {
        SKSizeI cell = CellSize(sheet);
        int left = Margin + LabelWidth, width = Math.Max(left + (sheet.Columns.Count * (cell.Width + Gap)) - Gap + Margin, 560);
        string[] title = Title.Wrap(sheet.Title, width - (2 * Margin)), note = Note.Wrap(sheet.Note, width - (2 * Margin));
        float[] heights = [.. sheet.Rows.Select(row => Math.Max(cell.Height, LabelHeight(row)))];
        float headings = Margin + (title.Length * Title.LineHeight) + (note.Length * Note.LineHeight) + 6;
        string[] columns = sheet.Rows.Count == 0 ? [] : [.. sheet.Columns];
        float height = headings + (columns.Length == 0 ? 0 : Heading) + heights.Sum(rowHeight => rowHeight + Gap) + Margin;

        using SKSurface surface = SKSurface.Create(
            new SKImageInfo(width, (int)Math.Ceiling(height), SKColorType.Rgba8888, SKAlphaType.Opaque));
        SKCanvas canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        float y = DrawLines(canvas, Title, title, Margin, Margin);
        DrawLines(canvas, Note, note, Margin, y);
        for (int i = 0; i < columns.Length; i++)
        {
            Column.Draw(canvas, columns[i], left + (i * (cell.Width + Gap)) + (cell.Width / 2f), headings + Heading - 8, centered: true);
        }

        y = headings + Heading;
        for (int i = 0; i < sheet.Rows.Count; y += heights[i++] + Gap)
        {
            DrawRow(canvas, sheet.Rows[i], left, y, heights[i], cell);
        }

        return surface.Snapshot();
    }

    private static void DrawRow(SKCanvas canvas, ContactSheetRow row, float left, float top, float height, SKSizeI cell)
    {
        float y = top + ((height - LabelHeight(row)) / 2);
        y = DrawLines(canvas, Label, Label.Wrap(row.Label, LabelWidth - 16), Margin, y);
        DrawLines(canvas, Note, Note.Wrap(row.Note, LabelWidth - 16), Margin, y);
        for (int i = 0; i < row.Cells.Count; i++)
        {
            SKRect place = SKRect.Create(
                left + (i * (cell.Width + Gap)),
                MathF.Round(top + ((height - cell.Height) / 2)),
                cell.Width,
                cell.Height);
            using SKImage image = row.Cells[i].Image();
            canvas.DrawImage(image, place, Sampling(image, cell));
            if (row.Cells[i].Right)
            {
                DrawTick(canvas, place);
            }
        }
    }

    private static float DrawLines(SKCanvas canvas, TextStyle style, IReadOnlyList<string> lines, float x, float top)
    {
        foreach (string line in lines)
        {
            style.Draw(canvas, line, x, top + (style.Size * 0.98f));
            top += style.LineHeight;
        }

        return top;
    }

    private static void DrawTick(SKCanvas canvas, SKRect place)
    {
        SKPoint middle = new(place.Right - 15, place.Bottom - 15);
        using SKPaint disc = new() { Color = TickColor, IsAntialias = true };
        using SKPaint rim = new() { Color = SKColors.White, IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 2.4f };
        using SKPath tick = new();
        tick.MoveTo(middle.X - 4.6f, middle.Y + 0.4f);
        tick.LineTo(middle.X - 1.2f, middle.Y + 3.8f);
        tick.LineTo(middle.X + 5f, middle.Y - 3.6f);
        canvas.DrawCircle(middle, 10.5f, disc);
        canvas.DrawCircle(middle, 10.5f, rim);
        canvas.DrawPath(tick, rim);
    }

    private static float LabelHeight(ContactSheetRow row) =>
        (Label.Wrap(row.Label, LabelWidth - 16).Length * Label.LineHeight)
        + (Note.Wrap(row.Note, LabelWidth - 16).Length * Note.LineHeight);

    private static SKSizeI CellSize(ContactSheet sheet)
    {
        ContactSheetCell? first = sheet.Rows.SelectMany(row => row.Cells).FirstOrDefault();
        if (first is null)
        {
            return new SKSizeI(SmallestCell, SmallestCell);
        }

        using SKImage image = first.Image();
        int longest = Math.Max(image.Width, image.Height);
        double scale = longest <= LargestCell ? Math.Max(1, (SmallestCell + longest - 1) / longest) : LargestCell / (double)longest;
        return new SKSizeI((int)Math.Round(image.Width * scale), (int)Math.Round(image.Height * scale));
    }

    private static SKSamplingOptions Sampling(SKImage image, SKSizeI cell) =>
        cell.Width % image.Width == 0 && cell.Height % image.Height == 0
            ? new SKSamplingOptions(SKFilterMode.Nearest)
            : new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear);
}
