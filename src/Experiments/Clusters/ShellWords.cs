using System.Text.RegularExpressions;

namespace Experiments.Clusters;

/// <summary>Words of a command as a POSIX shell takes them, each exactly as it is.</summary>
internal static partial class ShellWords
{
    /// <summary>A command line.</summary>
    /// <param name="words">The program and its arguments; none has a zero character.</param>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>One word: as it stands where no shell takes a letter of it for more, else in single quotes.</summary>
    public static string Quote(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+:,./=-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
