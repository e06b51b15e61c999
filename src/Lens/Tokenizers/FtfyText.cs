using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// Text as <c>fix_text</c> of the Python library ftfy 6.3.1 mends it (by Robyn Speer, Apache-2.0): HTML entities, mojibake, C1 controls,
/// ligatures, full and half width, curly quotes, line breaks, terminal escapes, control characters, and NFC; line by line, again and again
/// until nothing changes.
/// </summary>
internal static partial class FtfyText
{
    /// <summary>Longer lines are mended in parts.</summary>
    private const int LongestSegment = 1_000_000;

    private static readonly Dictionary<char, string> Ligatures = new()
    {
        ['Ĳ'] = "IJ",
        ['ĳ'] = "ij",
        ['ŉ'] = "ʼn",
        ['Ǳ'] = "DZ",
        ['ǲ'] = "Dz",
        ['ǳ'] = "dz",
        ['Ǆ'] = "DŽ",
        ['ǅ'] = "Dž",
        ['ǆ'] = "dž",
        ['Ǉ'] = "LJ",
        ['ǈ'] = "Lj",
        ['ǉ'] = "lj",
        ['Ǌ'] = "NJ",
        ['ǋ'] = "Nj",
        ['ǌ'] = "nj",
        ['ﬀ'] = "ff",
        ['ﬁ'] = "fi",
        ['ﬂ'] = "fl",
        ['ﬃ'] = "ffi",
        ['ﬄ'] = "ffl",
        ['ﬅ'] = "ſt",
        ['ﬆ'] = "st",
    };

    /// <summary>Mends a text.</summary>
    /// <param name="text">Halves of surrogate pairs in it become U+FFFD.</param>
    public static string Fix(string text)
    {
        string scalars = string.Concat(text.EnumerateRunes());
        StringBuilder mended = new(text.Length);

        // Entities are left alone from the first line on that looks like HTML itself.
        bool unescapes = true;
        for (int start = 0; start < scalars.Length;)
        {
            int lineBreak = scalars.IndexOf('\n', start);
            int end = SegmentEnd(scalars, start, lineBreak < 0 ? scalars.Length : lineBreak + 1);
            string segment = scalars[start..end];
            unescapes &= !segment.Contains('<', StringComparison.Ordinal);
            mended.Append(FixSegment(segment, unescapes));
            start = end;
        }

        return mended.ToString();
    }

    private static int SegmentEnd(string text, int start, int end)
    {
        // Counted in code points.
        int here = start;
        for (int count = 0; here < end && count < LongestSegment; count++)
        {
            here += char.IsSurrogatePair(text, here) ? 2 : 1;
        }

        return here;
    }

    private static string FixSegment(string text, bool unescapes)
    {
        while (true)
        {
            string mended = unescapes ? HtmlEntities.Unescape(text) : text;
            mended = Mojibake.FixC1Controls(Mojibake.Fix(mended));
            mended = WithStandardForms(mended);
            mended = TerminalEscape().Replace(mended, "");
            mended = ControlCharacter().Replace(mended, "");
            mended = ClipWords.Compose(mended);
            if (mended == text)
            {
                return text;
            }

            text = mended;
        }
    }

    /// <summary>Ligatures, width, quotes, line breaks, in this order.</summary>
    private static string WithStandardForms(string text)
    {
        StringBuilder standard = new(text.Length);
        foreach (char unit in text)
        {
            standard.Append(Ligatures.GetValueOrDefault(unit) ?? Width(unit) ?? unit.ToString());
        }

        string straight = DoubleQuote().Replace(standard.ToString(), "\"");
        straight = SingleQuote().Replace(straight, "'");
        return LineBreak().Replace(straight, "\n");
    }

    /// <summary>The usual form of a full-width or half-width character; null: it is none.</summary>
    private static string? Width(char unit) => unit switch
    {
        '\u3000' => " ",
        >= '\uff01' and < '\ufff0' => unit.ToString().Normalize(NormalizationForm.FormKC),
        _ => null,
    };

    [GeneratedRegex("[\u02bc\u2018-\u201b]", RegexOptions.CultureInvariant)]
    private static partial Regex SingleQuote();

    [GeneratedRegex("[\u201c-\u201f]", RegexOptions.CultureInvariant)]
    private static partial Regex DoubleQuote();

    [GeneratedRegex("\r\n|[\r\u2028\u2029\u0085]", RegexOptions.CultureInvariant)]
    private static partial Regex LineBreak();

    [GeneratedRegex(@"\u001b\[[\d;]*[a-zA-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex TerminalEscape();

    [GeneratedRegex("[\0-\u0008\u000b\u000e-\u001f\u007f\u206a-\u206f\ufeff\ufff9-\ufffc]", RegexOptions.CultureInvariant)]
    private static partial Regex ControlCharacter();
}
