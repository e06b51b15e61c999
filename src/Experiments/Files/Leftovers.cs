using System.Text.RegularExpressions;
using DiffusionLens.Configs;

namespace Experiments.Files;

/// <summary>What processes left half-written that were ended while they wrote.</summary>
internal static partial class Leftovers
{
    // Nobody is at one file for so long without writing to it, whatever the clocks of two machines say.
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    /// <summary>
    /// Removes what is forsaken in a results folder and the folders below, in which others may be at work: what a process left that is
    /// gone, or that cannot be seen from here and has not written to it for a day.
    /// </summary>
    public static void RemoveAll(string folder) => Remove(
        folder,
        SearchOption.AllDirectories,
        file => UnfinishedFile.IsForsaken(file)
            || (UnfinishedFile.IsOfElsewhere(file) && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > LongestPause)
            || EarlierName().IsMatch(Path.GetFileName(file)));

    /// <summary>Removes what is certainly forsaken in a folder that others may write in.</summary>
    public static void RemoveForsaken(string folder) => Remove(folder, SearchOption.TopDirectoryOnly, UnfinishedFile.IsForsaken);

    private static void Remove(string folder, SearchOption depth, Func<string, bool> isLeftover)
    {
        EnumerationOptions ownFiles = new()
        {
            RecurseSubdirectories = depth == SearchOption.AllDirectories,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
        };
        foreach (string file in Directory.EnumerateFiles(folder, "*.part", ownFiles).Where(isLeftover))
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // It is in nobody's way.
            }
        }
    }

    // Version 0.1.0 put the number of its process behind the name of the file to have; whoever else numbers parts has other files.
    [GeneratedRegex(
        @"\A(?:(?:answers|answers\.superseded|frequencies|measures|questions)\.csv|manifest\.json|report\.html"
            + @"|layer-[0-9]{2}_seed-[0-9]+\.png)\.[1-9][0-9]{0,8}\.part\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex EarlierName();
}
