using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionLens;

/// <summary>Texts as parts of a site's key: <c>a-z 0-9 -</c>, different for different texts.</summary>
internal static partial class SiteSlug
{
    private const int LongestText = 32, HashDigits = 10;

    /// <summary>
    /// Plain lower-case words with hyphens between them; of any other text as much as can be read, and after two hyphens, which plain words
    /// never have, a hash.
    /// </summary>
    public static string Of(string text)
    {
        if (text.Length <= LongestText && PlainWords().IsMatch(text))
        {
            return text.Replace(' ', '-');
        }

        string readable = Other().Replace(text.ToLowerInvariant(), "-").Trim('-');
        string start = readable.Length > LongestText ? readable[..LongestText].TrimEnd('-') : readable;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(text)));
        return $"{start}--{hash[..HashDigits]}";
    }

    /// <summary><c>AttentionOut</c> → <c>attention-out</c>.</summary>
    public static string OfName(string name) => WordStart().Replace(name, "-").ToLowerInvariant();

    [GeneratedRegex(@"\A[a-z0-9]+( [a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainWords();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Other();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex WordStart();
}
