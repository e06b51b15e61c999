using System.Globalization;
using DiffusionLens;
using Experiments.Figures;
using Experiments.Files;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Reports;

/// <summary>
/// <c>report.html</c>: one file that shows an experiment, with all it needs inside, to be opened from anywhere. Texts of the spec and
/// prompts are escaped, and the page lets nothing run or load.
/// </summary>
internal static class Report
{
    private static readonly HtmlTemplate Template = new("report.liquid");

    /// <summary>Gathers what the report of an experiment says.</summary>
    /// <param name="measures">What was measured.</param>
    /// <param name="rows">What was answered.</param>
    /// <param name="folder">The results folder, with images and figures in it.</param>
    /// <param name="lead">One or two sentences: what was run on what.</param>
    /// <param name="facts">What was run.</param>
    /// <exception cref="BadInputException">An image or a figure is missing.</exception>
    public static ReportContent Gather(
        Plan plan,
        MeasureTable measures,
        IReadOnlyList<AnsweredRow> rows,
        ResultsFolder folder,
        string lead,
        IReadOnlyList<ReportFact> facts)
    {
        HashSet<string> chosen = [.. plan.Spec.Strips.Select(strip => strip.Name)];
        ILookup<bool, ReportStrip> strips = ExperimentStrips.Sheets(plan, rows, folder).ToLookup(
            strip => chosen.Contains(strip.Name),
            strip => new ReportStrip(
                strip.Name,
                strip.Sheet.Title,
                DataUri("image/webp", ContactSheetRenderer.EncodeSmall(strip.Sheet)),
                string.Join("; ", strip.Sheet.Rows.Select(row => row.Label))));
        return new ReportContent(
            plan.Spec.Title,
            lead,
            facts,
            [Table(plan, plan.Spec.Conditions.Select(condition => (condition.Name, measures.Right(condition.Name))))],
            [
                .. plan.Spec.Figures.Select(figure => new ReportFigure(
                    figure.Name,
                    figure.Title,
                    DataUri("image/svg+xml", ReadFigure(folder.Figure(figure.Name, "svg"))),
                    Table(plan, figure.Curves.Select(curve => (curve.Label, measures.Curve(figure.Name, curve.Label)))))),
            ],
            [.. strips[true]],
            [.. strips[false]]);
    }

    /// <summary>Writes a report, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(ReportContent content, string path) =>
        Template.Write(content, path);

    private static ReportTable Table(Plan plan, IEnumerable<(string Name, IReadOnlyList<MeasurePoint> Points)> curves) => new(
        [.. plan.Layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture))],
        [
            .. curves.Select(curve => new ReportTableRow(
                curve.Name,
                curve.Points.Max(point => point.RowCount).ToString(CultureInfo.InvariantCulture),
                [.. curve.Points.Select(Percent)])),
        ]);

    private static string Percent(MeasurePoint point) => point.Mean is null
        ? "–"
        : string.Create(CultureInfo.InvariantCulture, $"{100 * point.Mean:0} ± {100 * point.Spread:0}");

    private static byte[] ReadFigure(string path) => File.Exists(path)
        ? Utf8Text.ReadBytes(path)
        : throw new BadInputException($"{path}: this figure is missing; draw it first, with --only figures");

    private static string DataUri(string type, byte[] content) => $"data:{type};base64,{Convert.ToBase64String(content)}";
}
