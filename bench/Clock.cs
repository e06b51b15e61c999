using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench;

/// <summary>
/// Time in seconds: where there is one thread, that thread's own processor time, so that other programs on the machine do not count.
/// </summary>
internal static partial class Clock
{
    private const int ThreadTime = 3;

    /// <summary>Whether other programs count.</summary>
    public static bool IsWall { get; } = get_num_threads() > 1 || !OperatingSystem.IsLinux();

    public static double Now()
    {
        if (IsWall)
        {
            return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        }

        _ = GetTime(ThreadTime, out Time time);
        return time.Seconds + (time.Nanoseconds / 1e9);
    }

    /// <summary>The best of some seconds of ways to the same result, in alternation; each way's result is freed at once.</summary>
    public static double[] Best(double seconds, params Func<Tensor>[] ways)
    {
        const int Fewest = 1;
        double[] best = [.. ways.Select(_ => double.MaxValue)];
        Array.ForEach(ways, way => way().Dispose());
        double start = Now();
        for (int round = 0; round < Fewest || Now() - start < seconds * ways.Length; round++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                double before = Now();
                ways[way]().Dispose();
                best[way] = Math.Min(best[way], Now() - before);
            }
        }

        return best;
    }

    /// <summary>The largest resident size so far, in GB; of Linux alone, elsewhere 0.</summary>
    public static double PeakGB()
    {
        const string Status = "/proc/self/status";
        string[] lines = File.Exists(Status) ? File.ReadAllLines(Status) : [];
        string? line = Array.Find(lines, line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        string? kibibytes = line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1];
        return kibibytes is null ? 0 : double.Parse(kibibytes, System.Globalization.CultureInfo.InvariantCulture) * 1024 / 1e9;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly long Seconds, Nanoseconds;
    }
}
