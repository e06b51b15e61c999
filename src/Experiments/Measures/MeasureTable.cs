using System.Globalization;
using DiffusionLens;
using Experiments.Files;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>All that was measured of an experiment: <c>measures.csv</c>, a line a point.</summary>
/// <param name="Points">Curve after curve in the spec's order, each by ascending layer; first the share of right images of every
/// condition over all rows, then the figures' curves.</param>
public sealed record MeasureTable(IReadOnlyList<MeasurePoint> Points)
{
    /// <summary>The table's file in the results folder.</summary>
    public const string File = "measures.csv";

    /// <summary>The label of the curves that are measured for every condition, over all rows: is the image right?</summary>
    public const string RightCurve = "right";

    /// <summary>The points of one curve, by ascending layer.</summary>
    /// <param name="figure">The figure's name.</param>
    /// <param name="curve">The curve's label.</param>
    public IReadOnlyList<MeasurePoint> Curve(string figure, string curve) =>
        [.. Points.Where(point => point.Figure == figure && point.Curve == curve)];

    /// <summary>The share of right images of one condition over all rows, by ascending layer.</summary>
    /// <param name="condition">The condition's name.</param>
    public IReadOnlyList<MeasurePoint> Right(string condition) =>
        [.. Curve("", RightCurve).Where(point => point.Conditions[0] == condition)];

    /// <summary>Writes points, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="points">The points, in the order of the lines.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<MeasurePoint> points) => CsvTable.Write(
        path,
        ["figure", "curve", "condition", "rows", "layer", "mean", "sd_over_seeds", "low_95", "high_95", "n"],
        points.Select(point => (string[])
        [
            point.Figure,
            point.Curve,
            string.Join(" + ", point.Conditions),
            point.Rows == RowChoice.All ? "all" : "right in the last layer",
            point.Layer.ToString(CultureInfo.InvariantCulture),
            Number(point.Mean),
            Number(point.Spread),
            Number(point.Interval?.Low),
            Number(point.Interval?.High),
            point.RowCount.ToString(CultureInfo.InvariantCulture),
        ]));

    private static string Number(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";
}
