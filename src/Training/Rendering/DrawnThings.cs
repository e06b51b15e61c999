using DiffusionLens;
using SkiaSharp;

namespace Training.Rendering;

/// <summary>Things that no emoji shows as a scene needs them: a bare table, and a box that is open.</summary>
internal static class DrawnThings
{
    /// <summary>The thing, in the manner of the emoji.</summary>
    /// <exception cref="BadInputException">Nothing is drawn under this word.</exception>
    public static Sprite Draw(string word) => word switch
    {
        "table" => Table(0xFFC1694F, 0xFF93503C, thick: 11),
        "box" => Box(0xFFD99E82, 0xFFBF7F62, 0xFF8A5640),
        _ => throw new BadInputException($"'{word}' has no picture in the lexicon and the renderer draws none"),
    };

    private static Sprite Table(uint top, uint leg, int thick) => Draw(64, 40, canvas =>
    {
        Fill(canvas, leg, 5, thick, 13, thick, 12, 40, 6, 40);
        Fill(canvas, leg, 51, thick, 59, thick, 58, 40, 52, 40);
        Fill(canvas, leg, 0, thick - 3, 64, thick - 3, 64, thick, 0, thick);
        Fill(canvas, top, 3, 0, 61, 0, 64, thick - 3, 0, thick - 3);
    });

    // From the back: the inside, the flap on each side, the front.
    private static Sprite Box(uint front, uint side, uint inside) => Draw(64, 50, canvas =>
    {
        Fill(canvas, inside, 8, 20, 17, 7, 47, 7, 56, 20);
        Fill(canvas, side, 8, 20, 17, 7, 8, 2, 0, 14);
        Fill(canvas, side, 56, 20, 47, 7, 56, 2, 64, 14);
        Fill(canvas, front, 8, 20, 56, 20, 56, 50, 8, 50);
        Fill(canvas, side, 28, 20, 36, 20, 36, 29, 28, 29);
    });

    private static Sprite Draw(int width, int height, Action<SKCanvas> draw)
    {
        using SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        using SKCanvas canvas = new(bitmap);
        canvas.Clear(SKColors.Transparent);
        draw(canvas);
        return EmojiArt.FromBitmap(bitmap);
    }

    private static void Fill(SKCanvas canvas, uint color, params ReadOnlySpan<float> corners)
    {
        using SKPath outline = new();
        outline.MoveTo(corners[0], corners[1]);
        for (int i = 2; i < corners.Length; i += 2)
        {
            outline.LineTo(corners[i], corners[i + 1]);
        }
        outline.Close();
        using SKPaint paint = new() { Color = new SKColor(color), IsAntialias = true };
        canvas.DrawPath(outline, paint);
    }
}
