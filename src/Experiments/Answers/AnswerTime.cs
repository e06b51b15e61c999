using System.Globalization;

namespace Experiments.Answers;

/// <summary>When an answer was given, as tables have it: ISO 8601 in UTC, to the second.</summary>
internal static class AnswerTime
{
    /// <summary>This second.</summary>
    public static DateTimeOffset Now => InSeconds(DateTimeOffset.UtcNow);

    /// <summary>The time as it is written; empty where there is none.</summary>
    public static string Text(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Reads a time, also as a spreadsheet writes ISO 8601; one without a zone is in UTC. Null where it is none.</summary>
    public static DateTimeOffset? Read(string text) =>
        text is [>= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9', '-', ..]
        && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? InSeconds(time)
            : null;

    private static DateTimeOffset InSeconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
