using System.Diagnostics;
using System.Globalization;

namespace DiffusionLens.Tests.Configs;

/// <summary>What must hold of any damaged file: it is read, or refused in one line, soon and without much memory.</summary>
internal static class Mutations
{
    private const long MostBytes = 300L << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Some of them, the same in every run; <c>DLENS_MUTATIONS</c> says how many, or <c>all</c>.</summary>
    public static IEnumerable<T> Some<T>(IEnumerable<T> all, int few, int seed = 0)
    {
        string? asked = Environment.GetEnvironmentVariable("DLENS_MUTATIONS");
        if (asked == "all")
        {
            return all;
        }

        T[] items = [.. all];
        new Random(seed).Shuffle(items);
        return items.Take(asked is null ? few : int.Parse(asked, CultureInfo.InvariantCulture));
    }

    /// <summary>What is wrong with how a file is taken; null: nothing.</summary>
    /// <param name="use">Reads and uses it.</param>
    /// <param name="names">What a refusal names; null: anything.</param>
    public static string? Fault(Action use, string? names = null)
    {
        long before = Environment.WorkingSet, allocated = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            use();
            return Costs();
        }
        catch (BadInputException refused)
        {
            return refused.Message.Any(char.IsControl) ? $"more than a line: {refused.Message}"
                : names is not null && !refused.Message.Contains(names, StringComparison.Ordinal)
                ? $"does not name {names}: {refused.Message}"
                : Costs() is { } costs ? $"{costs}: {refused.Message}"
                : null;
        }
        catch (Exception failure)
        {
            string[] trace = (failure.StackTrace ?? "").Split('\n');
            string place = string.Join(" < ", trace.Take(4).Select(line => line.Trim()));
            return $"{failure.GetType().Name} {failure.Message.Split('\n')[0]} {place}";
        }

        string? Costs()
        {
            long grown = Math.Max(Environment.WorkingSet - before, GC.GetAllocatedBytesForCurrentThread() - allocated);
            return watch.Elapsed > Longest ? $"{watch.Elapsed.TotalSeconds:0.0} s"
                : grown > MostBytes ? $"{grown >> 20} MiB" : null;
        }
    }

    /// <summary>Asserts that there are none.</summary>
    public static void None(IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        if (Environment.GetEnvironmentVariable("DLENS_MUTATION_LOG") is { } log)
        {
            File.AppendAllLines(log, all);
        }

        Assert.True(all.Length == 0, $"{all.Length} faults:\n{string.Join('\n', all.Take(50))}");
    }
}
