using System.Globalization;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>One kind of print: a typeface at a size, in a color.</summary>
/// <param name="Typeface"><see cref="Typefaces.Regular"/> or <see cref="Typefaces.SemiBold"/>.</param>
/// <param name="Size">Size in pixels.</param>
internal sealed record TextStyle(SKTypeface Typeface, float Size, SKColor Color)
{
    // Not the no-break spaces; the last is the blank of Chinese and Japanese.
    private static readonly char[] Blanks = [' ', '\t', '\n', '\r', '\u3000'];

    /// <summary>Distance between lines in pixels.</summary>
    public float LineHeight => Size * 1.3f;

    /// <summary>Draws one line.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">The line.</param>
    /// <param name="x">Where it starts, or has its middle.</param>
    /// <param name="baseline">The height its letters stand on.</param>
    /// <param name="centered">True where <paramref name="x"/> is its middle.</param>
    public void Draw(SKCanvas canvas, string text, float x, float baseline, bool centered = false)
    {
        using SKPaint paint = new() { Color = Color, IsAntialias = true };
        x -= centered ? Measure(text) / 2 : 0;
        foreach (TextRun run in Typefaces.Split(text, Typeface))
        {
            using SKFont font = Font(run.Typeface);
            if (IsPlain(run))
            {
                canvas.DrawText(run.Text, x, baseline, font, paint);
                x += font.MeasureText(run.Text);
            }
            else
            {
                ShapedText shaped = new(run, font);
                shaped.Draw(canvas, x, baseline, font, paint);
                x += shaped.Width;
            }
        }
    }

    /// <summary>The width of one line in pixels.</summary>
    /// <param name="text">The line.</param>
    public float Measure(string text)
    {
        float width = 0;
        foreach (TextRun run in Typefaces.Split(text, Typeface))
        {
            using SKFont font = Font(run.Typeface);
            width += IsPlain(run) ? font.MeasureText(run.Text) : new ShapedText(run, font).Width;
        }

        return width;
    }

    /// <summary>
    /// Breaks a text at its blanks (not at no-break spaces) into lines no wider than asked, and within words that are wider, as a sentence
    /// of Chinese or Japanese is.
    /// </summary>
    /// <param name="width">Width in pixels.</param>
    public string[] Wrap(string text, float width)
    {
        List<string> lines = [];
        foreach (string word in text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && Measure($"{lines[^1]} {word}") <= width)
            {
                lines[^1] = $"{lines[^1]} {word}";
            }
            else
            {
                lines.AddRange(Broken(word, width));
            }
        }

        return [.. lines];
    }

    private IEnumerable<string> Broken(string word, float width)
    {
        string line = "";
        TextElementEnumerator letters = StringInfo.GetTextElementEnumerator(Measure(word) <= width ? "" : word);
        while (letters.MoveNext())
        {
            string longer = line + letters.GetTextElement();
            if (line.Length > 0 && Measure(longer) > width)
            {
                yield return line;
                longer = letters.GetTextElement();
            }

            line = longer;
        }

        yield return line.Length > 0 ? line : word;
    }

    // The program's own typeface has scripts whose letters stand side by side.
    private static bool IsPlain(TextRun run) => run is { IsOfMachine: false, IsFromRight: false };

    // Letters stand where their outlines say and not where a screen's pixels are, so that a text looks alike at every scale.
    private SKFont Font(SKTypeface typeface) => new(typeface, Size)
    {
        Subpixel = true,
        LinearMetrics = true,
        Hinting = SKFontHinting.None,
        Edging = SKFontEdging.Antialias,
    };
}
