using System.Globalization;

namespace Bench;

/// <summary>What one process measured; written as a line and read back by the one that started it.</summary>
/// <param name="Seconds">The best.</param>
/// <param name="PeakGB">The process's largest resident size.</param>
/// <param name="Unit">What the seconds are of.</param>
internal sealed record Result(double Seconds, double PeakGB, string Unit)
{
    private const string Start = "result";

    public string Line() => string.Create(CultureInfo.InvariantCulture, $"{Start}\t{Seconds}\t{PeakGB}\t{Unit}");

    public static Result? Read(string line) => line.Split('\t') is [Start, var seconds, var peak, var unit]
        ? new Result(double.Parse(seconds, CultureInfo.InvariantCulture), double.Parse(peak, CultureInfo.InvariantCulture), unit)
        : null;
}
