using System.Globalization;
using System.Text;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// Where Qwen2 cuts text before byte pairs. By code points, not by UTF-16 units, so that letters outside the basic plane are letters.
/// </summary>
internal static class Qwen2Words
{
    /// <summary>The pattern as tokenizer.json writes it; <see cref="Split"/> gives its matches.</summary>
    public const string Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly string[] Contractions = ["s", "t", "re", "ve", "m", "ll", "d"];

    private enum Kind
    {
        Letter,
        Number,
        LineBreak,
        Space,
        Other,
    }

    /// <summary>The words of normalized text; together they are the text.</summary>
    public static IEnumerable<AlignedText> Split(AlignedText normalText)
    {
        List<Character> text = [.. Characters(normalText.Text)];
        int units = 0;
        for (int start = 0; start < text.Count;)
        {
            int end = EndOfWord(text, start), length = 0;
            for (; start < end; start++)
            {
                length += text[start].Rune.Utf16SequenceLength;
            }

            yield return normalText[units..(units + length)];
            units += length;
        }
    }

    /// <summary>The pattern's alternatives in order; each tells where the word ends, or the start where it does not match.</summary>
    private static int EndOfWord(List<Character> text, int start)
    {
        int contraction = EndOfContraction(text, start);
        if (contraction > start)
        {
            return contraction;
        }

        bool isPrefixed = KindAt(text, start) is Kind.Space or Kind.Other && KindAt(text, start + 1) == Kind.Letter;
        if (isPrefixed || KindAt(text, start) == Kind.Letter)
        {
            return EndOf(text, start + 1, Kind.Letter);
        }

        if (KindAt(text, start) == Kind.Number)
        {
            return start + 1;
        }

        int marks = text[start].Rune.Value == ' ' ? start + 1 : start;
        return KindAt(text, marks) == Kind.Other
            ? EndOf(text, EndOf(text, marks, Kind.Other), Kind.LineBreak)
            : EndOfSpace(text, start);
    }

    /// <summary>White space up to its last line break; or else all of it, but for the last one before a word.</summary>
    private static int EndOfSpace(List<Character> text, int start)
    {
        int end = start, afterBreak = start;
        for (; KindAt(text, end) is Kind.Space or Kind.LineBreak; end++)
        {
            afterBreak = text[end].Kind == Kind.LineBreak ? end + 1 : afterBreak;
        }

        return afterBreak > start ? afterBreak : end == text.Count || end == start + 1 ? end : end - 1;
    }

    private static int EndOfContraction(List<Character> text, int start)
    {
        if (text[start].Rune.Value != '\'')
        {
            return start;
        }

        string? found = Array.Find(
            Contractions, letters => letters.Select((letter, i) => IsLetter(start + 1 + i, letter)).All(same => same));
        return found is null ? start : start + 1 + found.Length;

        // In either case; of the letters that are meant here only s has a third form, the long one.
        bool IsLetter(int place, char letter) => place < text.Count
            && (Rune.ToLowerInvariant(text[place].Rune).Value == letter || (letter == 's' && text[place].Rune.Value == 'ſ'));
    }

    private static int EndOf(List<Character> text, int start, Kind kind)
    {
        int end = start;
        while (KindAt(text, end) == kind)
        {
            end++;
        }

        return end;
    }

    private static Kind? KindAt(List<Character> text, int place) => place < text.Count ? text[place].Kind : null;

    private static IEnumerable<Character> Characters(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            yield return new Character(rune, KindOf(rune));
        }
    }

    private static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ when rune.Value is '\r' or '\n' => Kind.LineBreak,
        _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
    };

    private readonly record struct Character(Rune Rune, Kind Kind);
}
