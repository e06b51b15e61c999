using System.Text;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>
/// The typeface of everything drawn: Inter, carried in the program, so that a figure looks the same on every machine and can be
/// drawn on one without fonts.
/// </summary>
internal static class Typefaces
{
    /// <summary>Weight 400.</summary>
    public static SKTypeface Regular { get; } = Embedded("Inter-Regular.ttf");

    /// <summary>Weight 600.</summary>
    public static SKTypeface SemiBold { get; } = Embedded("Inter-SemiBold.ttf");

    /// <summary>
    /// Cuts a text into parts of one typeface each: the one wanted, and for letters that it lacks what this machine has. A letter that
    /// no typeface has becomes a question mark.
    /// </summary>
    /// <param name="text">The text to draw.</param>
    /// <param name="wanted"><see cref="Regular"/> or <see cref="SemiBold"/>.</param>
    public static IReadOnlyList<(SKTypeface Typeface, string Part)> Split(string text, SKTypeface wanted)
    {
        List<(SKTypeface Typeface, string Part)> parts = [];
        foreach (Rune rune in text.EnumerateRunes())
        {
            SKTypeface? having = wanted.ContainsGlyph(rune.Value) ? wanted : SKFontManager.Default.MatchCharacter(rune.Value);
            (SKTypeface typeface, string letter) = (having ?? wanted, having is null ? "?" : rune.ToString());
            if (parts.Count > 0 && parts[^1].Typeface.FamilyName == typeface.FamilyName)
            {
                parts[^1] = (parts[^1].Typeface, parts[^1].Part + letter);
            }
            else
            {
                parts.Add((typeface, letter));
            }
        }

        return parts;
    }

    private static SKTypeface Embedded(string name)
    {
        using Stream font = typeof(Typefaces).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the font {name} is not in the program");
        return SKTypeface.FromStream(font) ?? throw new InvalidOperationException($"the font {name} cannot be read");
    }
}
