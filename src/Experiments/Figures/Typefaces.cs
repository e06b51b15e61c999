using SkiaSharp;

namespace Experiments.Figures;

/// <summary>
/// The typeface of everything drawn: Inter, carried in the program, so that a figure looks the same on every machine and can be
/// drawn on one without fonts. Text in scripts that it lacks falls back to what the machine has.
/// </summary>
internal static class Typefaces
{
    /// <summary>The family's name, under which ScottPlot asks for it.</summary>
    public const string Family = "Inter";

    /// <summary>Weight 400.</summary>
    public static SKTypeface Regular { get; } = Embedded("Inter-Regular.ttf");

    /// <summary>Weight 600.</summary>
    public static SKTypeface SemiBold { get; } = Embedded("Inter-SemiBold.ttf");

    /// <summary>A typeface with all letters of a text: Inter where it has them.</summary>
    /// <param name="text">The text to draw.</param>
    /// <param name="wanted"><see cref="Regular"/> or <see cref="SemiBold"/>.</param>
    public static SKTypeface For(string text, SKTypeface wanted)
    {
        foreach (System.Text.Rune rune in text.EnumerateRunes())
        {
            if (!wanted.ContainsGlyph(rune.Value))
            {
                return SKFontManager.Default.MatchCharacter(rune.Value) ?? wanted;
            }
        }

        return wanted;
    }

    private static SKTypeface Embedded(string name)
    {
        using Stream font = typeof(Typefaces).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the font {name} is not in the program");
        return SKTypeface.FromStream(font) ?? throw new InvalidOperationException($"the font {name} cannot be read");
    }
}
