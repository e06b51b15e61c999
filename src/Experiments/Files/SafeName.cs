using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Experiments.Files;

/// <summary>Makes a name for a file or folder out of any text: a-z, 0-9 and -, on any file system, not long.</summary>
internal static partial class SafeName
{
    private const int Longest = 60, HashBytes = 4, MostBytes = 255;

    /// <summary>The text's Latin letters and digits; other texts may have the same.</summary>
    public static string Of(string text)
    {
        string name = Latin(text);
        // Windows keeps these for devices; and a name must not be empty.
        return name.Length == 0 || Devices().IsMatch(name) ? $"{name}-0".TrimStart('-') : name;
    }

    /// <summary>The same, and behind it a hash of the text where that has letters of other scripts, so that they count too.</summary>
    public static string OfAnyScript(string text) =>
        text.EnumerateRunes().Any(rune => !rune.IsAscii && Rune.IsLetterOrDigit(rune)) ? Hashed(text) : Of(text);

    /// <summary>
    /// A name that no other text has: the text's own where it is words of a-z and 0-9 with a blank between them, else with a hash of it.
    /// </summary>
    public static string Unique(string text) => Of(text) is string name && name.Replace('-', ' ') == text ? name : Hashed(text);

    /// <summary>
    /// A name for a folder: the name itself where that is a folder's name and leads nowhere else, else a
    /// <see cref="Unique"/> one.
    /// </summary>
    public static string OfFolder(string name) =>
        NoFolder().IsMatch(name) || Encoding.UTF8.GetByteCount(name) > MostBytes ? Unique(name) : name;

    private static string Latin(string text)
    {
        string words = NotInNames().Replace(text.ToLowerInvariant(), "-").Trim('-');
        return words[..Math.Min(words.Length, Longest)].TrimEnd('-');
    }

    // Of the text as it is in memory: UTF-8 would make one of all halves of surrogate pairs.
    private static string Hashed(string text) =>
        $"{Latin(text)}-{Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()))[..HashBytes])}".TrimStart('-');

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotInNames();

    // Nothing, what is cut into parts, marks that are not seen, what leads to another folder, and devices of Windows.
    [GeneratedRegex(
        @"^$|[/\\:\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^[\s.]|[\s.]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NoFolder();

    [GeneratedRegex(@"^(con|prn|aux|nul|com\d|lpt\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Devices();
}
