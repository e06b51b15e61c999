using System.Globalization;
using System.Text.RegularExpressions;

namespace DiffusionLens.Configs;

/// <summary>
/// Names of files and folders that are being written. No two processes have one in common, on whatever machine or in whatever container
/// they run; they are as long as any file system takes, however long the finished file's name is; and they tell whose they are.
/// </summary>
internal static partial class UnfinishedFile
{
    /// <summary>A new name in the folder of the file to have.</summary>
    /// <param name="target">The file to have.</param>
    public static string Beside(string target) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(target))!,
        string.Create(
            CultureInfo.InvariantCulture,
            $".dlens-{ProcessIdentity.Here.Neighborhood}-{ProcessIdentity.Here.Id}-{Guid.NewGuid().ToString("N")[..12]}.part"));

    /// <summary>Whether this program gives such names to what is unfinished.</summary>
    /// <param name="path">A file or folder.</param>
    public static bool IsOne(string path) => Pattern().IsMatch(Path.GetFileName(path));

    /// <summary>Whether whoever gave this name is beyond sight: of it nobody here can tell whether it still runs.</summary>
    /// <param name="path">A file or folder.</param>
    public static bool IsOfElsewhere(string path) =>
        Pattern().Match(Path.GetFileName(path)) is { Success: true } match && !IsOfHere(match);

    /// <summary>Whether it is known that nobody will finish what has this name.</summary>
    /// <param name="path">A file or folder.</param>
    public static bool IsForsaken(string path) =>
        Pattern().Match(Path.GetFileName(path)) is { Success: true } match
        && IsOfHere(match)
        && !ProcessIdentity.IsRunning(int.Parse(match.Groups["id"].ValueSpan, CultureInfo.InvariantCulture));

    private static bool IsOfHere(Match match) => match.Groups["neighborhood"].ValueSpan.SequenceEqual(ProcessIdentity.Here.Neighborhood);

    [GeneratedRegex(
        @"\A\.dlens-(?<neighborhood>[0-9a-f]{8})-(?<id>[0-9]{1,9})-[0-9a-f]{12}\.part\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
