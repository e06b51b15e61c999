using DiffusionLens;
using Experiments.Files;
using Experiments.Import;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Tables;

namespace Experiments.Paper;

/// <summary>Makes the sections of the report from the files of results.</summary>
internal static class PaperSections
{
    /// <summary>A figure or table of the paper with all there is of it.</summary>
    /// <param name="item">The figure or table.</param>
    /// <param name="results">The folder of results.</param>
    /// <exception cref="BadInputException">An image cannot be read.</exception>
    public static PaperSection Of(PublishedItem item, ResultsRoot results, IReadOnlyList<ModelAnswers> models)
    {
        // What the paper makes of both its models together lies in a folder named after both.
        string? joint = item.Printed.Select(value => value.Model).FirstOrDefault(model => model.Contains('+', StringComparison.Ordinal));
        string[] folders = joint is null ? [.. models.Select(model => model.Model)] : [joint];
        (string Model, ResultFile File)[] files = [.. from file in item.Shows from folder in folders select (folder, file)];
        return new PaperSection(
            item.Name,
            item.Label,
            item.Title,
            item.Section,
            item.Finding,
            item.Caveat,
            [
                .. files.SelectMany(file =>
                    Images(file.File, results, file.Model, item.Shows.Count(shows => shows.Kind == file.File.Kind) > 1)),
            ],
            Tables(files, results),
            [
                .. files
                    .Where(file => file.File.Kind == "tables")
                    .Select(file => Note(file.File.PathOf(results, file.Model, "md")))
                    .OfType<string>()
                    .Distinct(),
            ],
            Printed(
                item,
                results,
                [.. models.Select(model => model.Model).Where(model => ReleaseModel.All.All(known => known.Name != model))]),
            PaperVerdicts.Of(item.Tested, models).Rows);
    }

    private static IEnumerable<EmbeddedImage> Images(ResultFile file, ResultsRoot results, string model, bool isOneOfSeveral)
    {
        string svg = file.PathOf(results, model, "svg"), png = file.PathOf(results, model, "png");
        string caption = isOneOfSeveral ? $"{model}, {file.Name}" : model;
        if (file.Kind == "figures" && File.Exists(svg))
        {
            yield return EmbeddedImage.Figure(caption, svg, file.PathOf(results, model, "csv"));
        }
        else if (file.Kind == "strips" && File.Exists(png))
        {
            yield return EmbeddedImage.Strip(caption, png);
        }
    }

    // Tables of the same columns become one.
    private static ResultTable[] Tables(IEnumerable<(string Model, ResultFile File)> files, ResultsRoot results) =>
        [
            .. files
                .Where(file => file.File.Kind == "tables")
                .Select(file => file.File.PathOf(results, file.Model, "csv"))
                .Where(File.Exists)
                .Select(ResultTable.Read)
                .Where(table => table.Rows.Count > 0)
                .GroupBy(table => string.Join('|', table.Columns))
                .Select(same => new ResultTable(same.First().Columns, [.. same.SelectMany(table => table.Rows)])),
        ];

    // The last line of a table in Markdown says what is counted.
    private static string? Note(string path) =>
        File.Exists(path) && Utf8Text.ReadFile(path).Split('\n').LastOrDefault(line => line.Length > 0) is { } note
            ? MarkdownText.Unescape(note)
            : null;

    private static PaperPrintedTable Printed(PublishedItem item, ResultsRoot results, string[] ours)
    {
        PrintedComparison[] released = [.. item.Printed.Select(value => PrintedComparison.Of(item.Shows[0], value, results))];

        // Values of both the paper's models together have nothing of one model beside them.
        string[] columns = item.Printed.Any(value => value.Model.Contains('+', StringComparison.Ordinal)) ? [] : ours;
        return new PaperPrintedTable(columns,
        [
            .. released.Select(value => new PaperPrinted(
                value.Printed.Model,
                value.Printed.What,
                value.Printed.Value,
                value.Ours ?? "–",
                value.Ours is null ? "" : value.Agrees ? PaperPrinted.Agrees : PaperPrinted.Differs,
                [.. columns.Select(model => PrintedComparison.ValueOf(item.Shows[0], value.Printed, results, model) ?? "–")])),
        ]);
    }
}
