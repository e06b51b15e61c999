using System.Diagnostics;
using System.Globalization;

namespace Experiments.Console;

/// <summary>How far a stage is, in words: <c>images 1204/2016 (59 %), 6.9 images/s, 1 min 58 s left</c>.</summary>
/// <param name="stage">The stage's name.</param>
/// <param name="unit">What is counted, in the plural; null for percent.</param>
/// <param name="all">How many there will be.</param>
internal sealed class ProgressLine(string stage, string? unit, int all)
{
    private readonly Stopwatch _watch = new();
    private double _start;

    /// <summary>How many there are; fractions while some are being made.</summary>
    public double Done { get; private set; }

    /// <summary>How many there will be.</summary>
    public int All => all;

    /// <summary>
    /// Takes note of how many there are. What is there at the first note was there before, and does not count for the rate.
    /// </summary>
    public void Advance(double done)
    {
        if (!_watch.IsRunning)
        {
            _start = done;
            _watch.Start();
        }

        Done = done;
    }

    // 100 only when all is there.
    private int Share => all == 0 ? 100 : (int)(100 * Done / all);

    public override string ToString()
    {
        double seconds = _watch.Elapsed.TotalSeconds, rate = seconds > 0 ? (Done - _start) / seconds : 0;
        string count = unit is null ? $"{stage} {(int)Done} %" : $"{stage} {(int)Done}/{all} ({Share} %)";
        string speed = unit is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {rate:0.0} {unit}/s");
        return rate <= 0 ? count : $"{count}{speed}, {Duration.Say(TimeSpan.FromSeconds((all - Done) / rate))} left";
    }
}
