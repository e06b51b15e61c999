using System.Globalization;
using System.Text;

namespace DiffusionLens.Tokenizers;

/// <summary>What Python's <c>str</c> does to case and white space, where .NET's <c>string</c> does something else.</summary>
internal static class PythonText
{
    /// <summary>
    /// What may stand within a word beside marks and formats (Unicode's Word_Break MidLetter, MidNumLet and Single_Quote).
    /// </summary>
    private const string WithinWords = "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    /// <summary><c>str.lower()</c>: full mappings over the whole text, so that a sigma at the end of a word becomes final.</summary>
    public static AlignedText Lower(AlignedText text)
    {
        Rune[] runes = [.. text.Text.EnumerateRunes()];
        AlignedText.Builder lower = new();
        for (int i = 0, unit = 0; i < runes.Length; unit += runes[i++].Utf16SequenceLength)
        {
            string lowered = runes[i].Value switch
            {
                'Σ' => EndsWord(runes, i) ? "ς" : "σ",

                // The one code point whose lower case, taken by itself, is two.
                'İ' => "i\u0307",
                _ => Rune.ToLowerInvariant(runes[i]).ToString(),
            };
            lower.Append(lowered, text.Origin(unit, runes[i].Utf16SequenceLength));
        }

        return lower.ToText();
    }

    /// <summary><c>str.strip()</c>: the separators U+001C to U+001F are white space too.</summary>
    public static AlignedText Strip(AlignedText text)
    {
        int start = 0, end = text.Length;
        while (start < end && IsSpace(text.Text[start]))
        {
            start++;
        }

        while (end > start && IsSpace(text.Text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary><c>str.isspace()</c> of one character.</summary>
    public static bool IsSpace(char unit) => char.IsWhiteSpace(unit) || unit is >= '\u001c' and <= '\u001f';

    /// <summary>Unicode's Final_Sigma: a cased letter comes before, none after, whatever case-ignorable ones between.</summary>
    private static bool EndsWord(Rune[] runes, int position)
        => IsCased(runes.Take(position).Reverse()) && !IsCased(runes.Skip(position + 1));

    private static bool IsCased(IEnumerable<Rune> neighbors)
    {
        Rune? nearest = neighbors.Select(rune => (Rune?)rune).FirstOrDefault(rune => !IsCaseIgnorable(rune!.Value));
        return nearest is { } found && Rune.GetUnicodeCategory(found)
            is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
    }

    private static bool IsCaseIgnorable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || (rune.IsBmp && WithinWords.Contains((char)rune.Value));
}
