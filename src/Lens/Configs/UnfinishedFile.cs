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

    /// <summary>Whether this program, or an earlier version of it, gives such names to what is unfinished.</summary>
    /// <param name="path">A file or folder.</param>
    public static bool IsOne(string path) => Pattern().IsMatch(Path.GetFileName(path)) || EarlierPattern().IsMatch(Path.GetFileName(path));

    /// <summary>Whether it is known that nobody will finish what has this name.</summary>
    /// <param name="path">A file or folder.</param>
    public static bool IsForsaken(string path) =>
        Pattern().Match(Path.GetFileName(path)) is { Success: true } match
        && match.Groups["neighborhood"].ValueSpan.SequenceEqual(ProcessIdentity.Here.Neighborhood)
        && !ProcessIdentity.IsRunning(int.Parse(match.Groups["id"].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(
        @"\A\.dlens-(?<neighborhood>[0-9a-f]{8})-(?<id>[0-9]{1,9})-[0-9a-f]{12}\.part\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();

    [GeneratedRegex(@".\.[0-9]{1,9}\.part\z", RegexOptions.CultureInvariant)]
    private static partial Regex EarlierPattern();
}
