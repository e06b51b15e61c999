using System.Text.RegularExpressions;

namespace Experiments.Files;

/// <summary>Makes a name for a file or folder out of any text: a-z, 0-9 and -, on any file system, not long.</summary>
internal static partial class SafeName
{
    private const int Longest = 60;

    public static string Of(string text)
    {
        string words = NotInNames().Replace(text.ToLowerInvariant(), "-").Trim('-');
        string name = words[..Math.Min(words.Length, Longest)].TrimEnd('-');
        // Windows keeps these for devices; and a name must not be empty.
        return name.Length == 0 || Devices().IsMatch(name) ? $"{name}-0".TrimStart('-') : name;
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotInNames();

    [GeneratedRegex(@"^(con|prn|aux|nul|com\d|lpt\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Devices();
}
