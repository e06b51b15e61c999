namespace Experiments.Console;

/// <summary>Durations as people say them.</summary>
internal static class Duration
{
    /// <summary><c>8 s</c>, <c>4 min 51 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Say(TimeSpan duration)
    {
        long seconds = (long)Math.Round(duration.TotalSeconds);
        return seconds < 60 ? $"{seconds} s"
            : seconds < 3600 ? $"{seconds / 60} min {seconds % 60} s"
            : $"{seconds / 3600} h {seconds % 3600 / 60} min";
    }
}
