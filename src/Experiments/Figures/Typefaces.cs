using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>
/// The typeface of everything drawn: Inter, carried in the program, so that a figure looks the same on every machine and can be
/// drawn on one without fonts. Letters that it lacks come from the machine's fonts.
/// </summary>
internal static class Typefaces
{
    private static readonly ConcurrentDictionary<int, SKTypeface?> Found = [];

    /// <summary>Weight 400.</summary>
    public static SKTypeface Regular { get; } = Embedded("Inter-Regular.ttf");

    /// <summary>Weight 600.</summary>
    public static SKTypeface SemiBold { get; } = Embedded("Inter-SemiBold.ttf");

    /// <summary>
    /// Cuts a text into runs of one typeface and direction each: the typeface wanted, and for letters that it lacks what this machine has.
    /// A letter that no typeface has becomes a question mark.
    /// </summary>
    /// <param name="text">A line.</param>
    /// <param name="wanted"><see cref="Regular"/> or <see cref="SemiBold"/>.</param>
    /// <returns>From the left to the right.</returns>
    public static IReadOnlyList<TextRun> Split(string text, SKTypeface wanted)
    {
        byte[] levels = WritingDirection.LevelsOf(text);
        List<TextRun> runs = [];
        int place = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            TextRun? last = runs.Count > 0 && runs[^1].Level == levels[place] ? runs[^1] : null;
            (SKTypeface typeface, string letter) = For(rune, wanted, last?.Typeface);
            if (last is not null && last.Typeface.FamilyName == typeface.FamilyName)
            {
                runs[^1] = last with { Text = last.Text + letter };
            }
            else if (letter.Length > 0)
            {
                runs.Add(new TextRun(typeface, letter, levels[place], IsOfMachine: typeface != wanted));
            }

            place += rune.Utf16SequenceLength;
        }

        return WritingDirection.FromLeft(runs, run => run.Level);
    }

    /// <summary>The letters of texts that are drawn as question marks, each once: no typeface of this machine has them.</summary>
    public static IReadOnlyList<string> Lacking(IEnumerable<string> texts) =>
    [
        .. texts.SelectMany(text => text.EnumerateRunes()).Distinct()
            .Where(rune => !IsSilent(rune) && !Regular.ContainsGlyph(rune.Value) && OfMachine(rune) is null)
            .Select(rune => rune.ToString()),
    ];

    private static (SKTypeface Typeface, string Letter) For(Rune rune, SKTypeface wanted, SKTypeface? before)
    {
        if (IsSilent(rune))
        {
            // Joiners and variation selectors belong to the letter before them, where its typeface knows them.
            return (before ?? wanted, before?.ContainsGlyph(rune.Value) == true ? rune.ToString() : "");
        }

        SKTypeface? having = wanted.ContainsGlyph(rune.Value) ? wanted : OfMachine(rune);
        return having is null ? (wanted, "?") : (having, rune.ToString());
    }

    private static bool IsSilent(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control || rune.Value is >= 0xFE00 and <= 0xFE0F;

    private static SKTypeface? OfMachine(Rune rune) => Found.GetOrAdd(
        rune.Value, letter => SKFontManager.Default.MatchCharacter(letter) ?? InstalledFonts.Having(letter));

    private static SKTypeface Embedded(string name)
    {
        using Stream font = typeof(Typefaces).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the font {name} is not in the program");
        return SKTypeface.FromStream(font) ?? throw new InvalidOperationException($"the font {name} cannot be read");
    }
}

/// <summary>A part of a line that is drawn in one go.</summary>
/// <param name="Text">In the order in which it is read.</param>
/// <param name="Level">How deep it is nested in text of another direction; where odd, it is read from the right.</param>
/// <param name="IsOfMachine">Whether the typeface is one of the machine's, not the program's own.</param>
internal sealed record TextRun(SKTypeface Typeface, string Text, byte Level, bool IsOfMachine)
{
    public bool IsFromRight => Level % 2 == 1;
}
