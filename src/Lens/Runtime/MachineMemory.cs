using System.Globalization;

namespace DiffusionLens.Runtime;

/// <summary>How much memory this process can still take, as Linux tells it: of the machine and of the control group it runs in.</summary>
internal static class MachineMemory
{
    private const string Meminfo = "/proc/meminfo", Groups = "/sys/fs/cgroup";

    /// <summary>Bytes that are free, with those that this process holds already; null where that is not known.</summary>
    public static long? Usable()
    {
        try
        {
            long? free = Available(File.Exists(Meminfo) ? File.ReadAllText(Meminfo) : ""), left = LeftInGroup(Groups);
            return (free, left) is (null, null) ? null : Math.Min(free ?? long.MaxValue, left ?? long.MaxValue) + Environment.WorkingSet;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What the machine can give without swapping.</summary>
    /// <param name="meminfo">The text of <c>/proc/meminfo</c>.</param>
    internal static long? Available(string meminfo)
    {
        const long Kibi = 1024;
        return NumberOf(meminfo, "MemAvailable:") * Kibi;
    }

    /// <summary>What is left of a control group's limit. Files that it has cached are given up when memory is wanted.</summary>
    /// <param name="folder">The group's, of either version.</param>
    internal static long? LeftInGroup(string folder)
    {
        return Left("memory.max", "memory.current", "memory.stat", "inactive_file", "active_file")
            ?? Left(
                "memory/memory.limit_in_bytes",
                "memory/memory.usage_in_bytes",
                "memory/memory.stat",
                "total_inactive_file",
                "total_active_file");

        long? Left(string limit, string usage, string statistics, params string[] cached)
        {
            if (Read(limit) is not { } most || !long.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
                || Read(usage) is not { } used)
            {
                return null;
            }

            string known = Read(statistics) ?? "";
            return bytes - long.Parse(used, CultureInfo.InvariantCulture) + cached.Sum(key => NumberOf(known, key) ?? 0);
        }

        string? Read(string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    private static long? NumberOf(string lines, string key)
        => lines.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1 && words[0] == key)
            .Select(words => (long?)long.Parse(words[1], CultureInfo.InvariantCulture))
            .FirstOrDefault();
}
