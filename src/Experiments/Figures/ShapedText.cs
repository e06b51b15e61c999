using System.Collections.Concurrent;
using HarfBuzzSharp;
using SkiaSharp;
using SkiaSharp.HarfBuzz;
using Buffer = HarfBuzzSharp.Buffer;

namespace Experiments.Figures;

/// <summary>
/// Letters as glyphs in their places: joined, stacked and turned round as their script has it. They are drawn as outlines, so that an SVG
/// needs no font of the reader's.
/// </summary>
internal sealed class ShapedText
{
    private static readonly ConcurrentDictionary<SKTypeface, SKShaper> Shapers = [];

    private readonly ushort[] _glyphs;
    private readonly SKPoint[] _places;

    /// <summary>Shapes a run.</summary>
    /// <param name="font">Of the run's typeface.</param>
    public ShapedText(TextRun run, SKFont font)
    {
        using Buffer letters = new();
        letters.AddUtf16(run.Text);
        letters.Direction = run.IsFromRight ? Direction.RightToLeft : Direction.LeftToRight;
        letters.GuessSegmentProperties();
        SKShaper shaper = Shapers.GetOrAdd(run.Typeface, typeface => new SKShaper(typeface));
        lock (shaper)
        {
            SKShaper.Result shaped = shaper.Shape(letters, font);
            _glyphs = [.. shaped.Codepoints.Select(glyph => (ushort)glyph)];
            _places = shaped.Points;
            Width = shaped.Width;
        }
    }

    /// <summary>In pixels.</summary>
    public float Width { get; }

    /// <summary>Draws it.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="x">Where its left end is.</param>
    /// <param name="baseline">The height its letters stand on.</param>
    /// <param name="font">What it was shaped with.</param>
    /// <param name="paint">Its color.</param>
    public void Draw(SKCanvas canvas, float x, float baseline, SKFont font, SKPaint paint)
    {
        for (int i = 0; i < _glyphs.Length; i++)
        {
            SKPoint place = new(x + _places[i].X, baseline + _places[i].Y);
            using SKPath? outline = font.GetGlyphPath(_glyphs[i]);
            if (outline is { IsEmpty: false })
            {
                outline.Transform(SKMatrix.CreateTranslation(place.X, place.Y));
                canvas.DrawPath(outline, paint);
            }
            else
            {
                // Emoji are small images, not outlines; a blank is neither.
                using SKTextBlobBuilder builder = new();
                builder.AddPositionedRun([_glyphs[i]], font, [place]);
                using SKTextBlob? blob = builder.Build();
                if (blob is not null)
                {
                    canvas.DrawText(blob, 0, 0, paint);
                }
            }
        }
    }
}
