using System.Globalization;
using DiffusionLens;
using Experiments.Files;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>All that was measured of an experiment: <c>measures.csv</c>, a line a point.</summary>
/// <param name="Points">Curve after curve in the spec's order, each by ascending layer; first the share of right images of every
/// condition over all rows, then the figures' curves.</param>
internal sealed record MeasureTable(IReadOnlyList<MeasurePoint> Points)
{
    /// <summary>The label of the curves that are measured for every condition, over all rows: is the image right?</summary>
    public const string RightCurve = "right";

    /// <summary>Which rows enter, as it is written.</summary>
    internal const string AllRows = "all", RightRows = "right in the last layer";

    private static readonly string[] Columns =
    [
        "figure",
        "curve",
        "condition",
        "rows",
        "site",
        "layer",
        "mean",
        "sd_over_seeds",
        "low_95",
        "high_95",
        "n",
        "seeds",
        "answers_by",
        "as_a_whole",
    ];

    // What the first version did not write.
    private static readonly string[] LaterColumns = ["site", "seeds", "answers_by", "as_a_whole"];

    // Of shares that were corrected for annotators' errors; not there where none was.
    private static readonly string[] CorrectedColumns = ["corrected", "corrected_low_95", "corrected_high_95", "corrected_for"];

    /// <summary>The points of one curve, by ascending layer.</summary>
    /// <param name="figure">The figure's name.</param>
    /// <param name="curve">The curve's label.</param>
    public IReadOnlyList<MeasurePoint> Curve(string figure, string curve) =>
        [.. Points.Where(point => point.Figure == figure && point.Curve == curve)];

    /// <summary>The share of right images of one condition over all rows, by ascending layer.</summary>
    /// <param name="condition">The condition's name.</param>
    public IReadOnlyList<MeasurePoint> Right(string condition) =>
        [.. Curve("", RightCurve).Where(point => point.Condition == condition)];

    /// <summary>Whether a table is one of these, by its header.</summary>
    /// <param name="path">A CSV file.</param>
    public static bool IsOne(string path) =>
        Utf8Text.BeginningOf(path) is [var header, ..] && Columns.Except(LaterColumns).All(header.Split(',').Contains);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It is not there, or no such table; the message names file and line.</exception>
    public static MeasureTable Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"{path}: there is no such file; it is written by --only measures, from the answers");
        }

        return CsvTable.Read(path, csv =>
        {
            CsvTable.RequireColumns(path, csv, Columns.Except(LaterColumns), "--only measures writes the table anew");
            List<MeasurePoint> points = [];
            while (csv.Read())
            {
                points.Add(Point(new MeasureCells(path, csv)));
            }

            return new MeasureTable(points);
        });
    }

    /// <summary>Writes points, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="points">The points, in the order of the lines.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<MeasurePoint> points)
    {
        MeasurePoint[] all = [.. points];
        bool isCorrected = all.Any(point => point.Corrected is not null);
        CsvTable.Write(
            path,
            [.. Columns, .. isCorrected ? CorrectedColumns : []],
            all.Select(point =>
                (string[])
                    [
                        point.Figure,
                        point.Curve,
                        point.Condition,
                        point.Rows == RowChoice.All ? AllRows : RightRows,
                        point.Site,
                        point.Layer.ToString(CultureInfo.InvariantCulture),
                        Number(point.Mean),
                        Number(point.Spread),
                        Number(point.Interval?.Low),
                        Number(point.Interval?.High),
                        point.RowCount.ToString(CultureInfo.InvariantCulture),
                        point.Seeds.ToString(CultureInfo.InvariantCulture),
                        point.AnswersBy,
                        point.AsAWhole ? "1" : "0",
                        .. isCorrected ? Cells(point.Corrected) : [],
                    ]));
    }

    private static string[] Cells(CorrectedShare? corrected) =>
        [Number(corrected?.Share), Number(corrected?.Interval.Low), Number(corrected?.Interval.High), corrected?.Annotator ?? ""];

    private static MeasurePoint Point(MeasureCells cells)
    {
        double? low = cells.Number("low_95"), high = cells.Number("high_95");
        return new MeasurePoint
        {
            Figure = cells.Text("figure"),
            Curve = cells.Text("curve"),
            Condition = cells.Text("condition"),
            Rows = cells.Text("rows") == AllRows ? RowChoice.All : RowChoice.RightInTheLastLayer,
            Site = cells.Text("site"),
            Layer = cells.Whole("layer"),
            Share = new Proportion(
                cells.Number("mean"),
                cells.Number("sd_over_seeds"),
                low is null || high is null ? null : new Interval(low.Value, high.Value),
                cells.Whole("n")),
            Seeds = cells.Has("seeds") ? cells.Whole("seeds") : 1,
            AnswersBy = cells.Text("answers_by"),
            AsAWhole = cells.Text("as_a_whole") == "1",
            Corrected = cells.Text("corrected").Length == 0 ? null : new CorrectedShare(
                cells.Number("corrected") ?? 0,
                new Interval(cells.Number("corrected_low_95") ?? 0, cells.Number("corrected_high_95") ?? 1),
                cells.Text("corrected_for")),
        };
    }

    private static string Number(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";
}
