using System.Globalization;

namespace Experiments.HuggingFace;

/// <summary>Scores in JSON: never whole numbers, which some readers take for another type than those behind them.</summary>
internal static class ScoreText
{
    /// <summary>The shortest text that reads back as the same number, with a point in it; <c>null</c> where there is none.</summary>
    public static string Of(double? score)
    {
        string text = score?.ToString("R", CultureInfo.InvariantCulture) ?? "null";
        return text.All(letter => char.IsAsciiDigit(letter) || letter == '-') ? $"{text}.0" : text;
    }
}
