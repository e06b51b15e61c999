using System.Globalization;
using Experiments.Measures;

namespace Experiments.Reports;

/// <summary>What a figure shows, in words: for readers who cannot see it.</summary>
internal static class FigureSummary
{
    private const int MostCurves = 8;
    private const double Half = 0.5;

    /// <summary>Curve by curve from which layer on at least half of the rows are so, and the share at the last layer.</summary>
    /// <param name="points">The points of all curves, curve after curve, each by ascending layer.</param>
    public static string Of(IEnumerable<MeasurePoint> points)
    {
        MeasurePoint[][] curves =
        [
            .. points.GroupBy(point => point.Curve).Select(curve => curve.Where(point => point.Mean is not null).ToArray())
                .Where(curve => curve.Length > 0),
        ];
        return curves.Length == 0 ? "No row enters."
            : string.Join(' ', curves.Length > MostCurves ? Extremes(curves) : curves.Select(Sentence));
    }

    /// <summary>The same of a figure's file; empty where it is of another kind.</summary>
    /// <param name="csv">The file, which need not be there.</param>
    /// <exception cref="DiffusionLens.BadInputException">It cannot be read.</exception>
    public static string OfFile(string csv) =>
        File.Exists(csv) && MeasureTable.IsOne(csv) ? Of(MeasureTable.Read(csv).Points) : "";

    private static string Sentence(MeasurePoint[] curve)
    {
        MeasurePoint last = curve[^1];
        int from = Array.FindLastIndex(curve, point => point.Mean < Half) + 1;
        string half = curve.Length == 1 ? ""
            : from == curve.Length ? $"less than half at layer {last.Layer}: "
            : from == 0 ? "half or more at every layer; "
            : $"half or more from layer {curve[from].Layer} on; ";
        return $"{last.Curve}: {half}{Share(last)} at layer {last.Layer} (n = {last.RowCount}).";
    }

    private static IEnumerable<string> Extremes(MeasurePoint[][] curves)
    {
        MeasurePoint[] last = [.. curves.Select(curve => curve[^1]).OrderBy(point => point.Mean)];
        yield return string.Create(CultureInfo.InvariantCulture, $"{curves.Length} curves.");
        yield return $"Lowest at layer {last[0].Layer}: {last[0].Curve}, {Share(last[0])} (n = {last[0].RowCount}).";
        yield return $"Highest at layer {last[^1].Layer}: {last[^1].Curve}, {Share(last[^1])} (n = {last[^1].RowCount}).";
    }

    private static string Share(MeasurePoint point)
    {
        string interval = point.Interval is { } around
            ? string.Create(CultureInfo.InvariantCulture, $" [{100 * around.Low:0}, {100 * around.High:0}]")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{100 * point.Mean:0} %{interval}");
    }
}
