using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// Character references of HTML 5 that end in a semicolon, and the names of common letters and signs in capitals (<c>&amp;EACUTE;</c>), as
/// ftfy reads them.
/// </summary>
internal static partial class HtmlEntities
{
    private const string Resource = "html-entities.txt.gz";

    /// <summary>What browsers make of references to C1 controls: Windows-1252.</summary>
    private const int FirstC1 = 0x80, LastC1 = 0x9f;

    private static readonly Lazy<Dictionary<string, string>> Names = new(ReadNames);

    /// <summary>A text with characters in place of the references to them.</summary>
    public static string Unescape(string text)
        => text.Contains('&', StringComparison.Ordinal) ? Reference().Replace(text, Character) : text;

    private static string Character(Match reference)
    {
        string body = reference.Value[1..^1];
        if (body[0] != '#')
        {
            return Names.Value.GetValueOrDefault(body, reference.Value);
        }

        bool isHexadecimal = body.Length > 1 && body[1] is 'x' or 'X';
        ReadOnlySpan<char> digits = body.AsSpan(isHexadecimal ? 2 : 1);
        if (digits.Length == 0 || digits.ContainsAnyExcept(isHexadecimal ? "0123456789abcdefABCDEF" : "0123456789"))
        {
            return reference.Value;
        }

        // A number that does not fit is beyond Unicode anyway.
        int number = int.TryParse(
            digits, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out int parsed)
            && parsed >= 0 ? parsed : int.MaxValue;
        string character = CharacterOf(number);

        // ftfy takes a semicolon in the result for one that was not read.
        return character == ";" ? reference.Value : character;
    }

    /// <summary>As the HTML standard has it: what is no character falls away or becomes U+FFFD.</summary>
    private static string CharacterOf(int number) => number switch
    {
        >= FirstC1 and <= LastC1 => SloppyEncoding.Windows1252.Decode([(byte)number]),
        0 or (>= 0xd800 and <= 0xdfff) or > 0x10ffff => "\ufffd",
        < 0x20 when number is not (0x09 or 0x0a or 0x0c or 0x0d) => "",
        0x7f or (>= 0xfdd0 and <= 0xfdef) => "",
        _ when (number & 0xfffe) == 0xfffe => "",
        _ => new Rune(number).ToString(),
    };

    private static Dictionary<string, string> ReadNames()
    {
        using Stream packed = typeof(HtmlEntities).Assembly.GetManifestResourceStream(Resource)!;
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        using StreamReader reader = new(unpacked);
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        while (reader.ReadLine() is string line)
        {
            string[] parts = line.Split(' ');
            names.Add(parts[0], string.Concat(parts.Skip(1).Select(code => new Rune(Convert.ToInt32(code, 16)).ToString())));
        }

        return names;
    }

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
