using System.Globalization;
using System.Text;
using DiffusionLens;
using Experiments.Clusters;
using Experiments.Files;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using Humanizer;

namespace Experiments.Reports;

/// <summary>
/// A page in Markdown with every figure that is there, the models side by side, and what each shows in words for those who cannot see it.
/// </summary>
internal static class FiguresPage
{
    /// <summary>The page.</summary>
    /// <param name="page">The file that it will be, from which images are named.</param>
    /// <param name="command">The command that writes it.</param>
    /// <param name="experiments">The experiments, in the order of the page; those without a figure are left out.</param>
    /// <param name="models">The models' names, a column each.</param>
    /// <exception cref="BadInputException">No figure is there, or a figure's numbers cannot be read.</exception>
    public static string Of(
        string page, string command, IEnumerable<Experiment> experiments, IReadOnlyList<string> models, ResultsRoot results)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(page))!;
        (Experiment Experiment, FigureOfModels[] Figures)[] shown =
        [
            .. from experiment in experiments
               let figures = Figures(experiment, models, results).ToArray()
               where figures.Length > 0
               select (experiment, figures),
        ];
        if (shown.Length == 0)
        {
            throw new BadInputException($"{results}: has no figures of {string.Join(", ", models)}; run experiments first");
        }

        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# All figures of {models.Select(MarkdownText.Escape).Humanize("and")}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Written by `{command}` from the measures in `{Relative(folder, results.Path)}`. ");
        text.Append("Bars and bands are 95 % intervals by the bootstrap over prompts, unless a figure says otherwise.\n\n");
        foreach ((Experiment experiment, _) in shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"- [{MarkdownText.Escape(experiment.Name)}](#{Anchor(experiment.Name)}): ");
            text.Append(CultureInfo.InvariantCulture, $"{MarkdownText.Escape(experiment.Title)}\n");
        }

        foreach ((Experiment experiment, FigureOfModels[] figures) in shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {MarkdownText.Escape(experiment.Name)}\n\n");
            text.Append(CultureInfo.InvariantCulture, $"{MarkdownText.EscapeParagraph(experiment.Title)}. ");
            string again = ShellWords.Join(["dlens-repro", experiment.Name, "--model", string.Join(',', models)]);
            text.Append(CultureInfo.InvariantCulture, $"`{again}`\n");
            foreach (FigureOfModels figure in figures)
            {
                Append(text, figure, folder, results.OfExperiment(experiment.Name));
            }

            AppendTables(text, folder, [.. models.Select(model => results.Of(experiment.Name, model))], models);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, FigureOfModels figure, string page, string experiment)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n**{MarkdownText.Escape(figure.Title.Trim())}**\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", figure.Of.Select(of => MarkdownText.Escape(of.Model)))} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", figure.Of.Select(_ => "---"))} |\n| ");
        text.AppendJoin(" | ", figure.Of.Select(of =>
        {
            string file = Relative(page, Path.Combine(experiment, SafeName.OfFolder(of.Model), "figures", figure.Name));
            return $"![{InWords(figure.Title, of.Model, of.Folder.Figure(figure.Name, "csv"))}]({file}.png)"
                + $"<br>[numbers]({file}.csv), [SVG]({file}.svg)";
        }));
        text.Append(" |\n");
    }

    private static void AppendTables(
        StringBuilder text, string page, IReadOnlyList<ResultsFolder> folders, IReadOnlyList<string> models)
    {
        string[] tables =
        [
            .. folders.Where(folder => Directory.Exists(folder.Tables)).SelectMany(folder => Directory.GetFiles(folder.Tables, "*.md"))
                .Select(Path.GetFileNameWithoutExtension).OfType<string>().Distinct().Order(StringComparer.Ordinal),
        ];
        if (tables.Length > 0)
        {
            string said = string.Join("; ", tables.Select(table => $"{table} " + string.Join(", ", folders.Zip(models)
                .Where(of => File.Exists(of.First.Table(table, "md")))
                .Select(of => $"[{MarkdownText.Escape(of.Second)}]({Relative(page, of.First.Table(table, "md"))})"))));
            text.Append(CultureInfo.InvariantCulture, $"\nTables: {said}.\n");
        }
    }

    private static IEnumerable<FigureOfModels> Figures(Experiment experiment, IReadOnlyList<string> models, ResultsRoot results)
    {
        IEnumerable<(string Name, string Title)> named = experiment switch
        {
            Spec spec => spec.Figures.Select(figure => (figure.Name, figure.Title)),
            Comparison comparison => comparison.Bars.Select(figure => (figure.Name, figure.Title)),
            _ => [],
        };
        return from figure in named
               let of = models.Select(model => (model, results.Of(experiment.Name, model)))
                   .Where(of => File.Exists(of.Item2.Figure(figure.Name, "png"))).ToArray()
               where of.Length > 0
               select new FigureOfModels(figure.Name, figure.Title, of);
    }

    // Fit for the text of an image in a cell.
    private static string InWords(string title, string model, string numbers) =>
        MarkdownText.Escape($"{title}, {model}. {FigureSummary.OfFile(numbers)}".Trim());

    // As a link has it: folders are named after models, which may have any name.
    private static string Relative(string folder, string path) => string.Join(
        '/', Path.GetRelativePath(folder, Path.GetFullPath(path)).Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));

    // What a heading is called in links.
    private static string Anchor(string heading) => Uri.EscapeDataString(heading.ToLowerInvariant().Replace(' ', '-'));

    private sealed record FigureOfModels(string Name, string Title, IReadOnlyList<(string Model, ResultsFolder Folder)> Of);
}
