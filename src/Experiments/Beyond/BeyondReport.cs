using Experiments.Reports;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;

namespace Experiments.Beyond;

/// <summary><c>results/beyond/report.html</c>: the experiments that followed the paper, with what is concluded of each.</summary>
internal static class BeyondReport
{
    private const string Concluded = "concluded", Verdict = "Verdict", Hypothesis = "Hypothesis";

    private static readonly HtmlTemplate Template = new("beyond.liquid");

    /// <summary>Gathers what is there.</summary>
    /// <param name="runs">The experiments, in the report's order.</param>
    /// <param name="models">The models' names.</param>
    /// <param name="results">The folder of results, with figures and tables drawn.</param>
    public static BeyondContent Gather(IReadOnlyList<FollowUpRuns> runs, IReadOnlyList<string> models, ResultsRoot results) => new(
        $"Experiments that followed the paper, on {string.Join(", ", models)}.",
        models,
        [.. runs.Select(run => Section(run, models, results))]);

    /// <summary>Writes the report, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    public static void Write(BeyondContent content, string path) => Template.Write(content, path);

    private static BeyondSection Section(FollowUpRuns run, IReadOnlyList<string> models, ResultsRoot results)
    {
        Spec spec = run.Spec;
        (string Model, ResultsFolder Folder)[] made =
        [
            .. models.Where(model => !run.Refusals.ContainsKey(model)).Select(model => (model, results.Of(spec.Name, model))),
        ];
        return new BeyondSection(
            spec.Name,
            spec.Title,
            run.FollowUp.Asks,
            run.FollowUp.Source,
            [.. spec.Findings.Select(finding => new BeyondConclusion(
                finding.Title, [.. models.Select(model => Cell(run, finding, model, results))]))],
            [.. run.Refusals.Select(refusal => $"Not on {refusal.Key}: {refusal.Value}")],
            [.. Figures(spec, made), .. Strips(spec, made)],
            [.. Tables(spec, made)]);
    }

    private static string Cell(FollowUpRuns run, FindingSpec finding, string model, ResultsRoot results)
    {
        if (run.Refusals.ContainsKey(model))
        {
            return "cannot be asked";
        }

        string path = results.Of(run.Spec.Name, model).Table(finding.Name, "csv");
        if (!File.Exists(path))
        {
            return "no answers yet";
        }

        ResultTable table = ResultTable.Read(path);
        IReadOnlyList<string>[] concluded = [.. table.Where(Hypothesis, Concluded)];
        return string.Join("; ", concluded.Length > 0
            ? concluded.Select(row => table.Cell(row, Verdict))
            : table.Rows.Select(row => $"{table.Cell(row, Hypothesis)}: {table.Cell(row, Verdict)}"));
    }

    private static IEnumerable<EmbeddedImage> Figures(Spec spec, (string Model, ResultsFolder Folder)[] made) =>
        from figure in spec.Figures
        from run in made
        let svg = run.Folder.Figure(figure.Name, "svg")
        where File.Exists(svg)
        select EmbeddedImage.Figure(run.Model, svg, run.Folder.Figure(figure.Name, "csv"));

    private static IEnumerable<EmbeddedImage> Strips(Spec spec, (string Model, ResultsFolder Folder)[] made) =>
        from strip in spec.Strips
        from run in made
        let png = run.Folder.Strip(strip.Name)
        where File.Exists(png)
        select EmbeddedImage.Strip($"{strip.Title}, {run.Model}", png);

    private static IEnumerable<BeyondTable> Tables(Spec spec, (string Model, ResultsFolder Folder)[] made) =>
        from named in spec.Findings.Select(finding => (finding.Name, finding.Title))
            .Concat(spec.Tables.Select(table => (table.Name, table.Title)))
        let tables = made.Select(run => run.Folder.Table(named.Name, "csv")).Where(File.Exists).Select(ResultTable.Read).ToArray()
        where tables.Length > 0
        select new BeyondTable(named.Title, new ResultTable(tables[0].Columns, [.. tables.SelectMany(table => table.Rows)]));
}
