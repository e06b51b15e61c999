using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// By what ftfy knows text that was read in a wrong encoding: neighbors that people do not write (its "badness"), and stretches that look
/// like UTF-8 read in an encoding of one byte a character.
/// </summary>
internal static class MojibakeSigns
{
    // Characters that come up when UTF-8 is read wrongly, by what else they are used for.
    private const string
        Common = "\u00a0\u00ad·´–—―…’",
        Bad = "¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\ufffdªº",
        Law = "¶§",
        Currency = "¢£¥₧€",
        Opening = "¡«¿©΄΅‘‚“„•‹\uf8ff",
        Closing = "®»˝”›™",
        Numeric = "²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№",
        Kaomoji = "Ò-ÖÙ-Üò-öø-üŐŌŪŲ°",
        Upper = "À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ",
        Lower = "ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ",
        CommonUpper = "ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я",
        CommonLower = "α-ωάέήίΰа-џ",
        Box = "│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓",
        C1 = "\u0080-\u009f";

    private const string PythonSpace = @"[\s\u001c-\u001f]", PythonWord = @"[\p{L}\p{N}_]";

    private static readonly Regex Unlikely = AnyOf(
        Of(C1),
        Of(Bad, Lower, Upper, Box, Opening, Closing, Currency, Numeric, Law) + Of(Bad),
        "[a-zA-Z]" + Of(CommonLower, CommonUpper) + Of(Bad),
        Of(Bad) + Of(Lower, Upper, Box, Opening, Closing, Currency, Numeric, Law),
        Of(Lower, CommonLower, Box, Closing, Currency, Numeric) + Of(Upper),
        Of(Box, Closing, Currency, Numeric) + Of(Lower),
        Of(Lower, Box, Closing) + Of(Currency),
        PythonSpace + Of(Upper) + Of(Currency),
        Of(Upper, Box) + Of(Numeric, Law),
        Of(Lower, Upper, Box, Currency, Closing) + Of(Opening) + Of(Numeric),
        Of(Lower, Upper, Currency, Numeric, Box, Law) + Of(Closing) + Of(Opening),
        Of(Currency, Numeric, Box) + Of(Opening),
        "[a-z]" + Of(Upper) + Of(Opening, Currency),
        Of(Box) + Of(Kaomoji),
        Of(Lower, Upper, Currency, Numeric, Opening, Closing, Law) + Of(Box),
        Of(Box) + Of(Closing),
        Of(Lower, Upper) + Of(Opening, Closing) + PythonWord,

        // Ligatures that no Latin letter follows; degrees of a capital letter.
        "[Œœ][^A-Za-z]",
        Of(Upper) + "°",

        // Two characters in Windows-1252; Arabic in it takes four, as its characters are common.
        "[ÂÃÎÐ]" + Of("€œŠš¢£Ÿž\u00a0\u00ad®©°·»–—´", Opening, Closing),
        "×[²³]",
        $"(?:[ØÙ]{Of(Common, Currency, Bad, Numeric, Opening, "ŸŠ®°µ»")}){{2}}",

        // South Asian letters in Windows-1252, then MacRoman.
        "à[²µ¹¼½¾]",
        "√[±∂†≠®™´≤≥¥µø]",
        "≈[°¢]",
        "‚Ä[ìîïòôúùû†°¢π]",
        "‚[âó][àä°ê]",

        // Windows-1251: punctuation, then Latin-1 or Cyrillic, which takes three, then Windows-1252 twice over.
        "вЂ",
        "[ВГРС]" + Of(C1, Bad, Opening, Closing, Currency, "°µ") + "[ВГРС]",
        "ГўВЂВ.[A-Za-z ]",

        // à, á and the hard space in Windows-1252, the space perhaps turned into a plain one.
        "Ã[\u00a0¡]",
        $"[a-z]{PythonSpace}?[ÃÂ] ",
        @"\A[ÃÂ] ",
        $"{Of("a-z.,?!", Closing)}Â{Of(" ", Opening, Closing)}",

        // Windows-1253: punctuation, then Latin-1 or Greek; Windows-1257.
        "β€[™\u00a0Ά\u00ad®°]",
        "[ΒΓΞΟ]" + Of(C1, Bad, Opening, Closing, Currency, "°") + "[ΒΓΞΟ]",
        "ā€");

    /// <summary>
    /// What the bytes of UTF-8 look like in the encodings that are like Latin-1. A space may stand for a hard one; and nothing is taken
    /// from the middle of something longer.
    /// </summary>
    private static readonly Regex Utf8 = Utf8Pattern();

    /// <summary>Whether a text looks as if it was read in a wrong encoding.</summary>
    public static bool AreIn(string text) => Unlikely.IsMatch(text);

    /// <summary>A text with its stretches that look like UTF-8 replaced.</summary>
    public static string ReplaceUtf8(string text, Func<string, string> replace) => Utf8.Replace(text, match => replace(match.Value));

    private static string Of(params string[] classes) => $"[{string.Concat(classes)}]";

    private static Regex AnyOf(params string[] patterns) => new(string.Join('|', patterns), RegexOptions.CultureInvariant);

    private static Regex Utf8Pattern()
    {
        string second = Letters(Enumerable.Range(0xc2, 0x1e)), third = Letters(Enumerable.Range(0xe0, 0x10));
        string fourth = Letters([0xf0, 0xf3]);
        string further = Letters(Enumerable.Range(0x80, 0x40));

        // Dashes, quotes, bullets and dots stand for themselves too, so that they do not tell of something longer.
        string strict = string.Concat(further.Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) is var kind
            && (letter < 0x100 || !(kind is UnicodeCategory.DashPunctuation or UnicodeCategory.InitialQuotePunctuation
                or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OpenPunctuation
                || letter is '•' or '…') || letter is '‹' or '›')));
        string continues = Of(further, " ");
        return new Regex(
            $"(?<!{Of(strict)})(?:{Of(second)}{continues}|{Of(third)}{continues}{{2}}|{Of(fourth)}{continues}{{3}})+",
            RegexOptions.CultureInvariant);
    }

    private static string Letters(IEnumerable<int> bytes)
    {
        byte[] all = [.. bytes.Select(value => (byte)value)];
        StringBuilder letters = new();
        SloppyEncoding[] likeLatin1 = [SloppyEncoding.Latin1, SloppyEncoding.Windows1252, .. SloppyEncoding.OtherWindows];
        foreach (SloppyEncoding encoding in likeLatin1)
        {
            letters.Append(encoding.Decode(all));
        }

        return string.Concat(letters.ToString().Distinct());
    }
}
