using System.Globalization;
using DiffusionLens;
using Experiments.Answers;
using Experiments.Files;

namespace Experiments.Measures;

/// <summary>What annotators get right and wrong of images whose truth is known: <c>calibration.csv</c>, a line an annotator and kind of
/// question.</summary>
/// <param name="Rows">Annotator after annotator; no annotator has a kind twice.</param>
/// <param name="Source">Where it was read, for messages.</param>
internal sealed record CalibrationTable(IReadOnlyList<CalibrationRow> Rows, string Source = "")
{
    /// <summary>What such a file is called where nobody names it.</summary>
    public const string FileName = "calibration.csv";

    private static readonly string[] Counts = ["true_yes", "missed", "false_yes", "true_no"];

    private static readonly string[] Needed = ["annotator", "kind", .. Counts];

    private static readonly string[] Columns =
    [
        "annotator", "kind", "n", .. Counts,
        "sensitivity", "sensitivity_low_95", "sensitivity_high_95",
        "specificity", "specificity_low_95", "specificity_high_95",
        "accuracy", "accuracy_low_95", "accuracy_high_95",
        "best_threshold", "best_balanced_accuracy",
    ];

    /// <summary>The names of all annotators, as they stand in <c>answers.csv</c>.</summary>
    public IEnumerable<string> Annotators => Rows.Select(row => row.Annotator).Distinct();

    /// <summary>What is known of an annotator; null: nothing.</summary>
    /// <param name="annotator">Its name, with the hash of a machine's.</param>
    /// <param name="kind">The kind of question.</param>
    public CalibrationRow? Find(string annotator, string kind) =>
        Rows.FirstOrDefault(row => row.Annotator == annotator && row.Kind == kind);

    /// <summary>The thresholds that serve a machine best, by kind of question.</summary>
    /// <param name="plainName">Its name without the hash, which thresholds enter.</param>
    /// <exception cref="BadInputException">There are none, or those of two of that name.</exception>
    public IReadOnlyDictionary<string, double> ThresholdsOf(string plainName)
    {
        CalibrationRow[] rows =
            [.. Rows.Where(row => AnnotatorName.Plain(row.Annotator) == plainName && row.Threshold is not null)];
        return rows.Length == 0
            ? throw new BadInputException(
                $"{Source}: has no threshold of {plainName}, only of "
                    + $"{string.Join(", ", Rows.Where(row => row.Threshold is not null).Select(row => row.Annotator).Distinct())}; "
                    + "'calibrate' with it writes them")
            : rows.Select(row => row.Annotator).Distinct().Count() > 1
                ? throw new BadInputException($"{Source}: has thresholds of two of the name {plainName}; keep the lines of one")
                : rows.ToDictionary(row => row.Kind, row => row.Threshold!.Value);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; of the numbers the counts and thresholds.</summary>
    /// <exception cref="BadInputException">It is not there, or no such table; the message names file and line.</exception>
    public static CalibrationTable Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"{path}: there is no such file; 'calibrate' writes it");
        }

        return CsvTable.Read(path, csv =>
        {
            CsvTable.RequireColumns(path, csv, Needed, "'calibrate' writes such a table");
            List<CalibrationRow> rows = [];
            while (csv.Read())
            {
                CalibrationRow row = RowOf(new MeasureCells(path, csv));
                rows.Add(rows.Any(before => before.Annotator == row.Annotator && before.Kind == row.Kind)
                    ? throw new BadInputException(
                        $"{path}:{csv.LineNumber}: {row.Annotator} has the kind '{row.Kind}' twice; keep one of the lines")
                    : row);
            }

            return new CalibrationTable(rows, path);
        });
    }

    /// <summary>Writes the table, whole or not at all.</summary>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public void Write(string path) => CsvTable.Write(path, Columns, Rows.Select(row => (string[])
    [
        row.Annotator, row.Kind, Whole(row.Confusion.Count),
        Whole(row.Confusion.BothYes), Whole(row.Confusion.FirstOnly), Whole(row.Confusion.SecondOnly), Whole(row.Confusion.BothNo),
        .. WithInterval(row.Sensitivity), .. WithInterval(row.Specificity), .. WithInterval(row.Accuracy),
        Number(row.Threshold), Number(row.ThresholdAccuracy),
    ]));

    private static CalibrationRow RowOf(MeasureCells cells) => new(
        cells.Text("annotator"),
        cells.Text("kind"),
        new Agreement(cells.Whole("true_yes"), cells.Whole("missed"), cells.Whole("false_yes"), cells.Whole("true_no")))
    {
        Threshold = cells.Number("best_threshold"),
        ThresholdAccuracy = cells.Number("best_balanced_accuracy"),
    };

    private static string[] WithInterval(CountedShare share) =>
        share.All == 0 ? ["", "", ""] : [Number(share.Value), Number(share.Interval?.Low), Number(share.Interval?.High)];

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>One annotator's answers to questions of one kind against the truth.</summary>
/// <param name="Annotator">Its name as it stands in <c>answers.csv</c>.</param>
/// <param name="Kind">The kind of question (<see cref="Specs.QuestionKind"/>).</param>
/// <param name="Confusion">The truth first, the annotator second.</param>
internal sealed record CalibrationRow(string Annotator, string Kind, Agreement Confusion)
{
    /// <summary>Of what is there, the share that the annotator says yes to.</summary>
    public CountedShare Sensitivity => new(Confusion.BothYes, Confusion.BothYes + Confusion.FirstOnly);

    /// <summary>Of what is not there, the share that the annotator says no to.</summary>
    public CountedShare Specificity => new(Confusion.BothNo, Confusion.BothNo + Confusion.SecondOnly);

    /// <summary>The share of right answers.</summary>
    public CountedShare Accuracy => new(Confusion.BothYes + Confusion.BothNo, Confusion.Count);

    /// <summary>The threshold of its scores that would tell best what is there from what is not; null where it gives no scores.</summary>
    public double? Threshold { get; init; }

    /// <summary>The mean of sensitivity and specificity with that threshold, on the same answers that it was chosen by.</summary>
    public double? ThresholdAccuracy { get; init; }
}
