using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CsvHelper;
using Experiments.Findings;
using Experiments.Measures;
using Fluid;
using Lens;
using SkiaSharp;

namespace Experiments.Paper;

/// <summary><c>results/paper/report.html</c>: every figure and table of the paper, ours beside what it prints, and the hypotheses.</summary>
internal static class PaperReport
{
    private const int StripQuality = 80;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly TemplateOptions Options = new() { MemberAccessStrategy = UnsafeMemberAccessStrategy.Instance, StrictVariables = true };

    private static readonly IFluidTemplate Template = ReadTemplate();

    /// <summary>Gathers what is there.</summary>
    /// <param name="results">The folder of results, with figures and tables drawn.</param>
    /// <param name="models">The models' answers.</param>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    public static PaperContent Gather(string results, IReadOnlyList<ModelAnswers> models)
    {
        PaperSection[] sections = [.. Published.Items.Select(item => Section(item, results, [.. models.Select(model => model.Model)]))];
        PaperPrinted[] printed = [.. sections.SelectMany(section => section.Printed)];
        string summary = printed.Length == 0
            ? "The paper's own answers are not here: take them over with dlens-repro import (or paper --release), and its printed values are compared with what they give."
            : $"{printed.Count(value => value.Agrees)} of {printed.Length} printed values are what the authors' released answers give.";
        return new PaperContent(
            $"{string.Join(", ", models.Select(model => model.Model))}: {models.Sum(model => model.Experiments.Count)} experiments.",
            summary,
            [.. models.Select(Model)],
            sections,
            Verdicts(models));
    }

    /// <summary>Writes the report, whole or not at all.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(PaperContent content, string path) =>
        WholeFile.WriteText(path, Template.Render(new TemplateContext(content, Options), Encoder));

    private static PaperModel Model(ModelAnswers model)
    {
        AnsweredExperiment[] experiments = [.. model.Experiments.Values];
        string[] annotators = [.. experiments.SelectMany(experiment => experiment.Answers).Select(answer => answer.Annotator).Distinct()];
        return new PaperModel(model.Model, experiments.Length == 0
            ? "no answers"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"layers 0 to {experiments[0].LastLayer}, looked through {string.Join(", ", experiments[0].Layers)}; {experiments.Sum(experiment => experiment.Answers.Count)} answers by {string.Join(" and ", annotators)}"));
    }

    private static PaperSection Section(PublishedItem item, string results, string[] models)
    {
        // A table that several models make together lies in a folder named after all of them.
        string together = string.Join('+', models);
        bool isJoint = item.Printed.Any(value => value.Model.Contains('+', StringComparison.Ordinal));
        string[] folders = isJoint
            ? [.. item.Printed.Select(value => value.Model).Append(together).Concat(models).Distinct().Where(folder => File.Exists(FileOf(item, results, folder, "csv"))).Take(1)]
            : models;
        PaperPrinted[] printed = [.. item.Printed.Select(value => PrintedComparison.Of(item, value, results)).Where(value => value.Ours is not null).Select(Printed)];
        return new PaperSection(
            item.Name,
            item.Title,
            item.Section,
            item.Finding,
            item.Caveat,
            item.Kind == "tables" ? [] : [.. folders.SelectMany(folder => Pictures(item, results, folder))],
            item.Kind == "tables" ? Tables(item, results, folders) : [],
            printed,
            printed.Length == 0 ? "" : $"{printed.Count(value => value.Agrees)} of {printed.Length} agree.");
    }

    private static IEnumerable<PaperPicture> Pictures(PublishedItem item, string results, string model)
    {
        string svg = FileOf(item, results, model, "svg"), png = FileOf(item, results, model, "png");
        if (File.Exists(svg))
        {
            yield return new PaperPicture(model, DataUri("image/svg+xml", File.ReadAllBytes(svg)), IsWide: false);
        }
        else if (File.Exists(png))
        {
            using SKImage strip = SKImage.FromEncodedData(png) ?? throw new BadInputException($"{png}: cannot be read as a picture; draw it again");
            using SKData webp = strip.Encode(SKEncodedImageFormat.Webp, StripQuality);
            yield return new PaperPicture(model, DataUri("image/webp", webp.ToArray()), IsWide: true);
        }
    }

    private static PaperTable[] Tables(PublishedItem item, string results, IEnumerable<string> models) =>
    [
        .. models.Select(model => FileOf(item, results, model, "csv")).Where(File.Exists).Select(Read)
            .Where(table => table.Rows.Count > 0)
            .GroupBy(table => string.Join('|', table.Columns))
            .Select(same => new PaperTable(same.First().Columns, [.. same.SelectMany(table => table.Rows)])),
    ];

    private static PaperTable Read(string path)
    {
        using CsvReader csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = ',' });
        List<IReadOnlyList<string>> rows = [];
        while (csv.Read())
        {
            rows.Add([.. Enumerable.Range(0, csv.Headers.Count).Select(csv.GetString)]);
        }

        return new PaperTable([.. csv.Headers], rows);
    }

    private static PaperPrinted Printed(PrintedComparison value) => new(
        value.Printed.Model,
        value.Printed.Column.Length == 0 ? value.Printed.Row : $"{value.Printed.Row}: {value.Printed.Column}",
        value.Printed.Value,
        value.Ours!,
        value.Agrees);

    private static PaperVerdicts Verdicts(IReadOnlyList<ModelAnswers> models) => new(
        [.. models.Select(model => model.Model)],
        [
            .. PaperFindings.All.Select(finding => new PaperVerdictRow(
                finding.Name,
                finding.Section,
                finding.Family switch { TextEncoderFamily.T5 => "T5", TextEncoderFamily.Clip => "CLIP", _ => "both" },
                finding.Claim,
                finding.Bound > 0 ? string.Create(CultureInfo.InvariantCulture, $"more than {100 * finding.Bound:0} %") : "more than 0",
                finding.Unit == FindingUnit.Depth ? "of the depth" : "of rows",
                [.. models.Select(model => Cell(finding.Test(model.Experiments), PaperFindings.For(model.Family).Contains(finding), model))])),
        ]);

    private static PaperVerdictCell Cell(FindingResult result, bool isClaimed, ModelAnswers model)
    {
        bool isRun = result.Finding.Experiments.All(model.Experiments.ContainsKey);
        (string word, string style) = (result.Verdict, isRun) switch
        {
            (_, false) => ("not run", "none"),
            (Verdict.Holds, _) => ("holds", "holds"),
            (Verdict.DoesNotHold, _) => ("does not hold", "not"),
            _ => ("undecided", "open"),
        };
        string numbers = !isRun ? ""
            : result.Estimate is null || result.Interval is null ? "no such row"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * result.Estimate:0} % [{100 * result.Interval.Low:0}, {100 * result.Interval.High:0}], {result.Prompts} prompts");
        return new PaperVerdictCell(word, isClaimed ? style : "none", numbers);
    }

    private static string FileOf(PublishedItem item, string results, string model, string ending) =>
        Path.Combine(results, item.Experiment, model, item.Kind, $"{item.File}.{ending}");

    private static string DataUri(string type, byte[] content) => $"data:{type};base64,{Convert.ToBase64String(content)}";

    private static IFluidTemplate ReadTemplate()
    {
        using Stream stream = typeof(PaperReport).Assembly.GetManifestResourceStream("paper.liquid")
            ?? throw new InvalidOperationException("the template of the paper's report is not in the program");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return new FluidParser().Parse(reader.ReadToEnd());
    }
}
