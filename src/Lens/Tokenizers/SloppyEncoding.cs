using System.Text;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// An encoding of one byte a character, with every byte taken: those that Windows leaves unassigned stand for the character of their
/// number, and 0x1A for U+FFFD, a byte that was lost before.
/// </summary>
internal sealed class SloppyEncoding
{
    private const byte Lost = 0x1a;
    private const int Latin1Page = 28591, MacRomanPage = 10000;

    private readonly char[] _charOfByte;
    private readonly Dictionary<char, byte> _byteOfChar = [];

    private SloppyEncoding(int codePage, bool takesLost)
    {
        Encoding? encoding = codePage == Latin1Page ? null : CodePagesEncodingProvider.Instance.GetEncoding(codePage);
        _charOfByte = new char[256];
        for (int value = 0; value < _charOfByte.Length; value++)
        {
            char decoded = value < 0x80 || encoding is null ? (char)value : encoding.GetChars([(byte)value])[0];

            // .NET puts unassigned bytes into the private area; Apple's logo (MacRoman) alone belongs there.
            bool isUnassigned = decoded is >= '\ue000' and < '\uf8ff' or '\ufffd' or '?' && value >= 0x80;
            _charOfByte[value] = isUnassigned ? (char)value

                // MacRoman's Ω is the letter, not the unit.
                : decoded == '\u2126' ? '\u03a9' : decoded;
        }

        if (takesLost)
        {
            _charOfByte[Lost] = '\ufffd';
        }

        for (int value = 0; value < _charOfByte.Length; value++)
        {
            _byteOfChar[_charOfByte[value]] = (byte)value;
        }

        (IsWindows, IsMacRoman) = (takesLost, codePage == MacRomanPage);
    }

    /// <summary>Latin-1.</summary>
    public static SloppyEncoding Latin1 { get; } = new(Latin1Page, takesLost: false);

    /// <summary>Windows' for Western Europe.</summary>
    public static SloppyEncoding Windows1252 { get; } = new(1252, takesLost: true);

    /// <summary>Windows' others that are like Latin-1: Cyrillic, Central European, Greek, Turkish, Baltic.</summary>
    public static IReadOnlyList<SloppyEncoding> OtherWindows { get; } =
        [new(1251, true), new(1250, true), new(1253, true), new(1254, true), new(1257, true)];

    /// <summary>All in which mojibake arises, in the order in which they are tried; Latin-2, MacRoman and MS-DOS come last.</summary>
    public static IReadOnlyList<SloppyEncoding> All { get; } =
        [Latin1, Windows1252, .. OtherWindows, new(28592, false), new(MacRomanPage, false), new(437, false)];

    /// <summary>Whether it is one of Windows'.</summary>
    public bool IsWindows { get; }

    /// <summary>Whether it is MacRoman.</summary>
    public bool IsMacRoman { get; }

    /// <summary>The characters of bytes.</summary>
    public string Decode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        foreach (byte value in bytes)
        {
            text.Append(_charOfByte[value]);
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text; null: it has characters that are not in this encoding.</summary>
    public byte[]? Encode(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if (!_byteOfChar.TryGetValue(text[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }
}
