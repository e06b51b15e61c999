using System.Globalization;

namespace DiffusionLens.Runtime;

/// <summary>How much memory this process can still take, as Linux tells it: of the machine, of the control group it
/// runs in and those around that, and of the limits it runs under.</summary>
internal static class MachineMemory
{
    private const string Meminfo = "/proc/meminfo", Groups = "/sys/fs/cgroup", Membership = "/proc/self/cgroup";
    private const string Limits = "/proc/self/limits", Status = "/proc/self/status";

    /// <summary>What may help where there is too little.</summary>
    public const string Advice = "take less at a time: a smaller image size, --dtype bfloat16, fewer seeds or layers, or a smaller model";

    /// <summary>Bytes that are free, with those that this process holds already; null where that is not known.</summary>
    public static long? Usable()
    {
        long?[] known =
        [
            Available(TextOf(Meminfo)),
            LeftInGroups(Groups, TextOf(Membership)),
            LeftOfAddresses(TextOf(Limits), TextOf(Status)),
        ];
        return known.Min() is { } free ? free + Environment.WorkingSet : null;
    }

    /// <summary>What is free, in words that follow others; nothing where that is not known.</summary>
    public static string FreeInWords() => Usable() is not { } bytes ? ""
        : $" ({InGB(bytes)} GB are free or this program's{(AddressLimit() is null ? "" : "; ulimit -v allows no more")})";

    /// <summary>How many bytes of addresses this process may use (<c>ulimit -v</c>); null where it may use all.</summary>
    public static long? AddressLimit() => LimitOf(TextOf(Limits), "Max address space");

    /// <summary>Bytes in words.</summary>
    public static string InGB(long bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>What is left of the addresses that a process may use; null where it may use all.</summary>
    /// <param name="limits">The text of <c>/proc/self/limits</c>.</param>
    /// <param name="status">The text of <c>/proc/self/status</c>.</param>
    internal static long? LeftOfAddresses(string limits, string status)
    {
        const long Kibi = 1024;
        return Least(
            LimitOf(limits, "Max address space") - (NumberOf(status.Replace('\t', ' '), "VmSize:") * Kibi),
            LimitOf(limits, "Max data size") - (NumberOf(status.Replace('\t', ' '), "VmData:") * Kibi));

        static long? Least(long? one, long? other) => one is null || other < one ? other : one;
    }

    private static long? LimitOf(string limits, string name)
        => limits.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
            && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
                ? bytes
                : null;

    private static string TextOf(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>What the machine can give without swapping.</summary>
    /// <param name="meminfo">The text of <c>/proc/meminfo</c>.</param>
    internal static long? Available(string meminfo)
    {
        const long Kibi = 1024;
        return NumberOf(meminfo, "MemAvailable:") * Kibi;
    }

    /// <summary>The least that is left of the limits of a process's control group and of those around it; null without any.</summary>
    /// <param name="root">Where the groups of either version are mounted.</param>
    /// <param name="membership">
    /// The text of <c>/proc/self/cgroup</c>: <c>0::/path</c> of the second version, <c>9:memory:/path</c> of the first.
    /// </param>
    internal static long? LeftInGroups(string root, string membership)
    {
        string[][] lines = [.. membership.Split('\n').Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3)];
        IEnumerable<long?> second = Around(root, PathOf("")).Select(
            group => Left(group, "memory.max", "memory.current", "inactive_file", "active_file"));
        IEnumerable<long?> first = Around(Path.Combine(root, "memory"), PathOf("memory")).Select(
            group => Left(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "total_active_file"));
        return second.Concat(first).Min();

        string PathOf(string controller) => lines.FirstOrDefault(parts => parts[1].Split(',').Contains(controller))?[2] ?? "";
    }

    /// <summary>The folders of a group and of all around it. A path that leads out of the mount is of a container's host.</summary>
    private static IEnumerable<string> Around(string root, string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int inside = names.Contains("..") ? 0 : names.Length;
        return Enumerable.Range(0, inside + 1).Select(depth => Path.Combine([root, .. names.Take(depth)]));
    }

    /// <summary>What is left of one group's limit. Files that it has cached are given up when memory is wanted.</summary>
    private static long? Left(string group, string limit, string usage, params string[] cached)
    {
        if (!long.TryParse(Read(limit), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            || Read(usage) is not { Length: > 0 } used)
        {
            return null;
        }

        string known = Read("memory.stat");
        return bytes - long.Parse(used, CultureInfo.InvariantCulture) + cached.Sum(key => NumberOf(known, key) ?? 0);

        string Read(string name) => TextOf(Path.Combine(group, name)).Trim();
    }

    private static long? NumberOf(string lines, string key)
        => lines.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1 && words[0] == key)
            .Select(words => (long?)long.Parse(words[1], CultureInfo.InvariantCulture))
            .FirstOrDefault();
}
