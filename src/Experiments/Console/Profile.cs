using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using DiffusionLens.Runtime;

namespace Experiments.Console;

/// <summary>
/// Where a command's time goes, by stage and by part of it, from the activities that the library and the stages tell of. A part's time is
/// its own: what begins within it counts for itself alone. Parts that ran side by side have more seconds together than passed.
/// </summary>
internal sealed class Profile : IDisposable
{
    private const string NotTold = "other", Start = "start", Denoiser = "denoise";

    private readonly ConcurrentDictionary<Activity, TimeSpan> _within = [];
    private readonly ConcurrentDictionary<(string Stage, string Part), Share> _shares = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly DateTime _processStart = Process.GetCurrentProcess().StartTime;
    private readonly TimeSpan _beforeIt;
    private readonly ActivityListener _listener;

    /// <summary>Listens, until it is disposed of.</summary>
    public Profile()
    {
        _beforeIt = DateTime.Now - _processStart;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LensActivity.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStopped = Count,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Runs a command; where that is asked for, its profile follows, also when it is cut off.</summary>
    /// <param name="isWanted">Whether it is.</param>
    /// <param name="output">Where the table goes.</param>
    /// <param name="command">The command.</param>
    public static void Around(bool isWanted, TextWriter output, Action command)
    {
        if (!isWanted)
        {
            command();
            return;
        }

        using Profile profile = new();
        try
        {
            command();
        }
        finally
        {
            foreach (string line in profile.Lines())
            {
                output.WriteLine(line);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>The table so far.</summary>
    public IReadOnlyList<string> Lines()
    {
        TimeSpan passed = _watch.Elapsed, all = passed + _beforeIt;
        List<string> lines = [$"{"where the time went",-24}{"s",9}{"share",9}{"times",9}", Line(Start, _beforeIt, null)];
        TimeSpan told = TimeSpan.Zero;
        foreach (IGrouping<string, KeyValuePair<(string Stage, string Part), Share>> stage in
            _shares.GroupBy(share => share.Key.Stage).OrderBy(stage => stage.Min(share => share.Value.Order)))
        {
            TimeSpan time = Sum(stage.Select(share => share.Value.Time));
            told += time;
            KeyValuePair<(string, string Part), Share>[] parts = [.. stage.OrderBy(share => share.Value.Order)];
            int? times = parts is [{ Key.Part: "" } only] ? only.Value.Times : null;
            lines.Add(Line(stage.Key, time, times));
            if (times is null)
            {
                lines.AddRange(parts.Where(part => part.Key.Part != "").Select(PartLine));
                lines.AddRange(parts.Where(part => part.Key.Part == "").Select(part => Line($"  {NotTold}", part.Value.Time, null)));
            }
        }

        lines.Add(Line(NotTold, passed > told ? passed - told : TimeSpan.Zero, null));
        lines.Add(Line("all", all, null));
        DateTime[] steps = [.. _shares.Where(IsOfDenoiser).Select(share => share.Value.Order)];
        if (steps.Length > 0)
        {
            lines.Add(Line("until the first step", steps.Min() - _processStart.ToUniversalTime(), null));
        }

        return lines;

        static bool IsOfDenoiser(KeyValuePair<(string Stage, string Part), Share> share)
            => share.Key.Part == Denoiser || share.Key is (Denoiser, "");

        string PartLine(KeyValuePair<(string Stage, string Part), Share> part)
            => Line($"  {part.Key.Part}", part.Value.Time, part.Value.Times);

        string Line(string name, TimeSpan time, int? times) => string.Create(
            CultureInfo.InvariantCulture, $"{name,-24}{time.TotalSeconds,9:0.00}{time / all,9:0 %}{times,9}");
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);

    private void Count(Activity activity)
    {
        TimeSpan own = activity.Duration - (_within.TryRemove(activity, out TimeSpan within) ? within : TimeSpan.Zero);
        if (activity.Parent is { } parent)
        {
            _within.AddOrUpdate(parent, activity.Duration, (_, sum) => sum + activity.Duration);
        }

        Activity stage = activity;
        while (stage.Parent is { } outer)
        {
            stage = outer;
        }

        string part = ReferenceEquals(stage, activity) ? "" : activity.OperationName;
        Share one = new(own > TimeSpan.Zero ? own : TimeSpan.Zero, 1, activity.StartTimeUtc);
        _shares.AddOrUpdate((stage.OperationName, part), one, (_, sum) => sum.With(one));
    }

    private sealed record Share(TimeSpan Time, int Times, DateTime Order)
    {
        public Share With(Share other) => new(Time + other.Time, Times + other.Times, Order < other.Order ? Order : other.Order);
    }
}
