using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>Mends text that is UTF-8 read in an encoding of one byte a character, once or several times, as ftfy does it.</summary>
internal static partial class Mojibake
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A text as it was meant, where that can be told.</summary>
    public static string Fix(string text)
    {
        while (true)
        {
            string mended = FixOnce(text);
            if (mended == text)
            {
                return text;
            }

            text = mended;
        }
    }

    /// <summary>C1 controls as their bytes in Windows-1252, as browsers read them.</summary>
    public static string FixC1Controls(string text)
        => C1Control().Replace(text, match => SloppyEncoding.Windows1252.Decode([(byte)match.Value[0]]));

    private static string FixOnce(string text)
    {
        if (Ascii.IsValid(text) || !MojibakeSigns.AreIn(text))
        {
            return text;
        }

        foreach (SloppyEncoding encoding in SloppyEncoding.All)
        {
            if (encoding.Encode(text) is { } bytes && DecodeUtf8(bytes, encoding) is { } decoded)
            {
                return decoded;
            }
        }

        // Not all of it was read in one encoding: what looks so is mended by itself.
        string mended = MojibakeSigns.ReplaceUtf8(
            text, part => part.Length < text.Length && MojibakeSigns.AreIn(part) ? Fix(part) : part);
        return mended != text ? mended : FixC1Controls(text);
    }

    /// <summary>UTF-8 in which hard spaces may have become plain ones and bytes may have been lost; null: it is none.</summary>
    private static string? DecodeUtf8(byte[] bytes, SloppyEncoding encoding)
    {
        // One character a byte, for regular expressions.
        string spelled = Encoding.Latin1.GetString(bytes);
        if (!encoding.IsMacRoman && SpoiledHardSpace().IsMatch(spelled))
        {
            spelled = WordInHardSpace().Replace(spelled, "\u00c3\u00a0 ");
            spelled = SpoiledHardSpace().Replace(spelled, match => match.Value.Replace(' ', '\u00a0'));
        }

        if (encoding.IsWindows)
        {
            spelled = LostBytes().Replace(spelled, "\u00ef\u00bf\u00bd");
        }

        // Java writes zero in two bytes, and CESU-8 writes surrogates.
        spelled = spelled.Replace("\u00c0\u0080", "\0", StringComparison.Ordinal);
        spelled = SurrogatePair().Replace(spelled, FourBytes);
        try
        {
            return StrictUtf8.GetString(Encoding.Latin1.GetBytes(spelled));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string FourBytes(Match pair)
    {
        char high = (char)(0xd000 | ((pair.Value[1] & 0x3f) << 6) | (pair.Value[2] & 0x3f));
        char low = (char)(0xd000 | ((pair.Value[4] & 0x3f) << 6) | (pair.Value[5] & 0x3f));
        return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes([high, low]));
    }

    [GeneratedRegex("[\u0080-\u009f]", RegexOptions.CultureInvariant)]
    private static partial Regex C1Control();

    /// <summary>"à" as a word of its own, but for the contractions of Portuguese.</summary>
    [GeneratedRegex("\u00c3 (?! |quele|quela|quilo|s )", RegexOptions.CultureInvariant)]
    private static partial Regex WordInHardSpace();

    /// <summary>Bytes that would be UTF-8 if their space were a hard one.</summary>
    [GeneratedRegex(
        "[\u00c2\u00c3\u00c5\u00ce\u00d0\u00d9] "
        + "|[\u00e2\u00e3] [\u0080-\u0084\u0086-\u009f\u00a1-\u00bf]"
        + "|[\u00e0-\u00e3][\u0080-\u0084\u0086-\u009f\u00a1-\u00bf] "
        + "|\u00f0 [\u0080-\u00bf]{2}|\u00f0[\u0080-\u00bf] [\u0080-\u00bf]|\u00f0[\u0080-\u00bf]{2} ",
        RegexOptions.CultureInvariant)]
    private static partial Regex SpoiledHardSpace();

    /// <summary>Bytes that would be UTF-8 but for one that was lost (0x1A, in places a question mark).</summary>
    [GeneratedRegex(
        "[\u00c2-\u00df]\u001a|[\u00c2\u00c3]\\?"
        + "|\u00ed[\u00a0-\u00af][\u001a?]\u00ed[\u00b0-\u00bf][\u001a?\u0080-\u00bf]"
        + "|\u00ed[\u00a0-\u00af][\u001a?\u0080-\u00bf]\u00ed[\u00b0-\u00bf][\u001a?]"
        + "|[\u00e0-\u00ef][\u001a?][\u001a\u0080-\u00bf]|[\u00e0-\u00ef][\u001a\u0080-\u00bf][\u001a?]"
        + "|[\u00f0-\u00f4][\u001a?][\u001a\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u001a\u0080-\u00bf][\u001a?][\u001a\u0080-\u00bf]"
        + "|[\u00f0-\u00f4][\u001a\u0080-\u00bf]{2}[\u001a?]|\u001a",
        RegexOptions.CultureInvariant)]
    private static partial Regex LostBytes();

    [GeneratedRegex("\u00ed[\u00a0-\u00af][\u0080-\u00bf]\u00ed[\u00b0-\u00bf][\u0080-\u00bf]", RegexOptions.CultureInvariant)]
    private static partial Regex SurrogatePair();
}
