using DiffusionLens.Configs;

namespace Experiments.Files;

/// <summary>What processes left half-written that were ended while they wrote.</summary>
internal static class Leftovers
{
    /// <summary>Removes all of it in a folder and the folders below, which nobody else writes in now.</summary>
    public static void RemoveAll(string folder) => Remove(folder, SearchOption.AllDirectories, UnfinishedFile.IsOne);

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
}
