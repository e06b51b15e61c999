using System.Globalization;
using System.Text;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// CLIP's view of text before byte pairs: normalization, then words. Both go by code points, not by UTF-16 units, so that
/// letters outside the basic plane are letters.
/// </summary>
internal static class ClipWords
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];
    private static readonly bool CanCompose = "e\u0301".Normalize(NormalizationForm.FormC) == "\u00e9";

    private enum Kind
    {
        Letter,
        Number,
        Space,
        Other,
    }

    /// <summary>
    /// NFC; each run of white space one space; each code point in lower case by its full mapping, without regard to its
    /// neighbors (no final sigma). A surrogate without its partner becomes U+FFFD.
    /// </summary>
    /// <exception cref="BadInputException">The text is not ASCII and this runtime cannot compose accents.</exception>
    public static AlignedText Normalize(AlignedText text)
    {
        AlignedText composed = Compose(text);
        AlignedText.Builder normal = new();
        bool inSpace = false;
        int unit = 0;
        foreach (Rune rune in composed.Text.EnumerateRunes())
        {
            TextSpan origin = composed.Origin(unit, rune.Utf16SequenceLength);
            unit += rune.Utf16SequenceLength;
            bool space = Rune.IsWhiteSpace(rune);
            if (!space)
            {
                AppendLower(normal, rune, origin);
            }
            else if (!inSpace)
            {
                normal.Append(" ", origin);
            }

            inSpace = space;
        }

        return normal.ToText();
    }

    /// <summary>
    /// The words of normalized text: the matches of
    /// <c>'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+</c>. White space between them is dropped.
    /// </summary>
    /// <param name="normalText">Normalized text.</param>
    /// <param name="whole">What is a word of its own wherever a word begins.</param>
    public static IEnumerable<AlignedText> Split(AlignedText normalText, params string[] whole)
    {
        string text = normalText.Text;
        int start = 0;
        while (start < text.Length)
        {
            int length = WordLength(text.AsSpan(start), out Kind kind);
            length = Array.Find(whole, word => string.CompareOrdinal(text, start, word, 0, word.Length) == 0)?.Length ?? length;
            if (kind != Kind.Space)
            {
                yield return normalText[start..(start + length)];
            }

            start += length;
        }
    }

    private static int WordLength(ReadOnlySpan<char> text, out Kind kind)
    {
        Rune first = FirstRune(text);
        kind = KindOf(first);
        foreach (string contraction in Contractions)
        {
            if (text.StartsWith(contraction, StringComparison.Ordinal))
            {
                return contraction.Length;
            }
        }

        int length = first.Utf16SequenceLength;
        while (kind != Kind.Number && length < text.Length && FirstRune(text[length..]) is Rune next && KindOf(next) == kind)
        {
            length += next.Utf16SequenceLength;
        }

        return length;
    }

    private static Rune FirstRune(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out Rune rune, out _);
        return rune;
    }

    private static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
    };

    /// <inheritdoc cref="Compose(string)"/>
    internal static AlignedText Compose(AlignedText text) => text.Normalize(Compose);

    /// <summary>NFC, with U+FFFD in the place of a surrogate without its partner.</summary>
    /// <exception cref="BadInputException">The text is not ASCII and this runtime cannot compose accents.</exception>
    internal static string Compose(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        if (!CanCompose)
        {
            throw new BadInputException(
                "this .NET runs without ICU and cannot normalize text that is not ASCII; " +
                "install libicu, or unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT");
        }

        // .NET refuses to normalize around U+FFFE, which composes with nothing.
        string scalars = string.Concat(text.EnumerateRunes());
        return string.Join('\uFFFE', scalars.Split('\uFFFE').Select(part => part.Normalize(NormalizationForm.FormC)));
    }

    /// <summary>Each code point in lower case by its full mapping, without regard to its neighbors.</summary>
    internal static AlignedText Lower(AlignedText text)
    {
        AlignedText.Builder lower = new();
        int unit = 0;
        foreach (Rune rune in text.Text.EnumerateRunes())
        {
            AppendLower(lower, rune, text.Origin(unit, rune.Utf16SequenceLength));
            unit += rune.Utf16SequenceLength;
        }

        return lower.ToText();
    }

    private static void AppendLower(AlignedText.Builder normal, Rune rune, TextSpan origin)
    {
        // The one code point whose lower case, taken by itself, is two.
        if (rune.Value == 'İ')
        {
            normal.Append("i\u0307", origin);
            return;
        }

        Span<char> units = stackalloc char[2];
        normal.Append(units[..Rune.ToLowerInvariant(rune).EncodeToUtf16(units)], origin);
    }
}
