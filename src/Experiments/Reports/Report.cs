using System.Globalization;
using DiffusionLens;
using Experiments.Figures;
using Experiments.Files;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;

namespace Experiments.Reports;

/// <summary>
/// <c>report.html</c>: one file that shows an experiment, with all it needs inside, to be opened from anywhere. Texts of the spec and
/// prompts are escaped, and the page lets nothing run or load.
/// </summary>
internal static class Report
{
    // Beside every report: both are made by the same runs.
    private const string ExplorerName = "explore.html";

    private static readonly HtmlTemplate Template = new("report.liquid");

    /// <summary>Gathers what the report of an experiment says.</summary>
    /// <param name="measures">What was measured.</param>
    /// <param name="answered">What was answered.</param>
    /// <param name="known">What was measured of annotators' errors.</param>
    /// <param name="folder">The results folder, with images and figures in it.</param>
    /// <param name="lead">One or two sentences: what was run on what.</param>
    /// <param name="facts">What was run.</param>
    /// <exception cref="BadInputException">An image or a figure is missing.</exception>
    public static ReportContent Gather(
        Plan plan,
        MeasureTable measures,
        AnsweredExperiment answered,
        IReadOnlyList<CalibrationTable> known,
        ResultsFolder folder,
        string lead,
        IReadOnlyList<ReportFact> facts)
    {
        IReadOnlyList<AnsweredKind> said = AnsweredKind.All([answered], known);
        return WithoutAnswers(plan, answered.Rows, folder, lead, facts) with
        {
            Right = [Table(plan, plan.Spec.Conditions.Select(condition => (condition.Name, measures.Right(condition.Name))))],
            Figures = [.. plan.Spec.Figures.Select(figure => Figure(plan, figure, measures, answered, said, folder))],
            Tables = ExperimentTables.Of(answered, folder),
            Accuracy = [AccuracyTable.Of(said)],
            Sheets =
            [
                .. AgreementTables.Of(answered),
                .. CorrectionTable.Of(measures) is { } corrected ? [corrected] : Array.Empty<TableSheet>(),
            ],
            Said = AnswerSheet.Of(answered.Answers, folder) is { } sheet ? [sheet] : [],
        };
    }

    /// <summary>The same while answers are missing: the images, and what was run.</summary>
    /// <param name="rows">What was answered; null: nothing yet.</param>
    /// <param name="folder">The results folder, with images in it.</param>
    /// <param name="lead">One or two sentences: what was run on what.</param>
    /// <param name="facts">What was run.</param>
    /// <exception cref="BadInputException">An image is missing.</exception>
    public static ReportContent WithoutAnswers(
        Plan plan, IReadOnlyList<AnsweredRow>? rows, ResultsFolder folder, string lead, IReadOnlyList<ReportFact> facts)
    {
        HashSet<string> chosen = [.. plan.Spec.Strips.Select(strip => strip.Name)];
        ILookup<bool, ReportStrip> strips = ExperimentStrips.Sheets(plan, rows, folder).ToLookup(
            strip => chosen.Contains(strip.Name),
            strip => new ReportStrip(
                strip.Name,
                strip.Sheet.Title,
                DataUri.Of("image/webp", ContactSheetRenderer.EncodeSmall(strip.Sheet)),
                StripSummary.Of(strip.Sheet)));
        return new ReportContent(plan.Spec.Title, lead, facts, [], [], [.. strips[true]], [.. strips[false]])
        {
            Links = [new ReportLink("Explore the images", ExplorerName)],
        };
    }

    /// <summary>Writes a report, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(ReportContent content, string path) =>
        Template.Write(content, path);

    private static ReportFigure Figure(
        Plan plan,
        FigureSpec figure,
        MeasureTable measures,
        AnsweredExperiment answered,
        IReadOnlyList<AnsweredKind> said,
        ResultsFolder folder)
    {
        (string Label, IReadOnlyList<MeasurePoint> Points)[] curves =
            [.. figure.Curves.Select(curve => (curve.Label, measures.Curve(figure.Name, curve.Label)))];
        return new ReportFigure(
            figure.Name,
            figure.Title,
            DataUri.Of("image/svg+xml", ReadFigure(folder.Figure(figure.Name, "svg"))),
            Table(plan, curves))
        {
            Summary = FigureSummary.Of(curves.SelectMany(curve => curve.Points)),
            AnswersBy = AccuracyTable.Sentence(AnsweredKind.In(figure, answered, said)),
        };
    }

    private static ReportTable Table(Plan plan, IEnumerable<(string Name, IReadOnlyList<MeasurePoint> Points)> curves) => new(
        [.. plan.Layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture))],
        [
            .. from curve in curves
               let count = curve.Points.Max(point => point.RowCount)
               select new ReportTableRow(
                   curve.Name,
                   count.ToString(CultureInfo.InvariantCulture),
                   [.. curve.Points.Select(point => Cell(point, count))]),
        ]);

    // How many rows there are is told of each cell where some lack answers.
    private static ReportShare Cell(MeasurePoint point, int count)
    {
        string spread = point.Seeds > 1 ? string.Create(CultureInfo.InvariantCulture, $" ± {100 * point.Spread:0}") : "";
        string n = point.RowCount == count ? "" : string.Create(CultureInfo.InvariantCulture, $"n = {point.RowCount}");
        string interval = point.Interval is { } around
            ? string.Create(CultureInfo.InvariantCulture, $"[{100 * around.Low:0}, {100 * around.High:0}]")
            : "";
        return point.Mean is null ? new ReportShare("–", "", "")
            : new ReportShare(string.Create(CultureInfo.InvariantCulture, $"{100 * point.Mean:0}{spread}"), interval, n);
    }

    private static byte[] ReadFigure(string path) => File.Exists(path)
        ? Utf8Text.ReadBytes(path)
        : throw new BadInputException($"{path}: this figure is missing; draw it first, with --only figures");
}
