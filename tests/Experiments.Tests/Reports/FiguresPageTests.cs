using DiffusionLens;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Reports;

public sealed class FiguresPageTests : IDisposable
{
    private const string Header =
        "figure,curve,condition,rows,site,layer,mean,sd_over_seeds,low_95,high_95,n,seeds,answers_by,as_a_whole\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void The_page_of_all_figures_in_docs_is_what_the_committed_results_give()
    {
        string? root = Root();
        Skip.If(root is null, "not in a clone");
        string page = Path.Combine(root!, "docs", "figures.md");
        IEnumerable<Experiment> experiments = Directory.GetFiles(Path.Combine(root!, "experiments"), "*.yaml")
            .OrderBy(Path.GetFileNameWithoutExtension, StringComparer.Ordinal).Select(file => ExperimentReader.Read(file));

        string text = FiguresPage.Of(
            page,
            "dlens-repro figures --model mini-sd,mini-if,mini-mmdit --page docs/figures.md",
            experiments,
            ["mini-sd", "mini-if", "mini-mmdit"],
            new ResultsRoot(Path.Combine(root!, "results")));

        Assert.Equal(text, File.ReadAllText(page).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Models_stand_side_by_side_and_images_are_named_from_the_page()
    {
        ResultsRoot results = new(Path.Combine(_folder, "results"));
        AddFigure(results, "one", "");
        AddFigure(results, "two", "fig-3,An object,object,all rows,layer-00,0,0.5,,,,8,1,,0\n");

        string page = FiguresPage.Of(
            Path.Combine(_folder, "docs", "all.md"),
            "dlens-repro figures",
            [Answers.SmallPlan.Plan.Spec],
            ["one", "two", "three"],
            results);

        Assert.Contains("| one | two |\n| --- | --- |\n", page, StringComparison.Ordinal);
        Assert.Contains("](../results/colors/two/figures/fig-3.png)", page, StringComparison.Ordinal);
        Assert.Contains("**The simpler, the earlier**", page, StringComparison.Ordinal);
        Assert.Contains("![The simpler, the earlier, two. An object: 50 % at layer 0 (n = 8).](", page, StringComparison.Ordinal);
        Assert.DoesNotContain("fig-5", page, StringComparison.Ordinal);
        Assert.Contains("Tables: first [one](../results/colors/one/tables/first.md), [two](", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_figure_is_there_it_is_said()
    {
        Action write = () => FiguresPage.Of("all.md", "", [Answers.SmallPlan.Plan.Spec], ["one"], new ResultsRoot(_folder));

        Assert.Contains("has no figures of one", Assert.Throws<BadInputException>(write).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_and_tables_hold_whatever_a_model_and_a_curve_are_called()
    {
        const string Model = "a [b]|c #1 (50%)";
        ResultsRoot results = new(Path.Combine(_folder, "results"));
        AddFigure(results, Model, "fig-3,A [b]|c,object,all rows,layer-00,0,0.5,,,,8,1,,0\n");
        string file = $"../results/colors/{Uri.EscapeDataString(Path.GetFileName(results.Of("colors", Model).Path))}/figures/fig-3.png";

        string page = FiguresPage.Of(
            Path.Combine(_folder, "docs", "all.md"), "dlens-repro figures", [Answers.SmallPlan.Plan.Spec], [Model], results);

        Assert.Contains("| a \\[b\\]\\|c #1 (50%) |\n", page, StringComparison.Ordinal);
        Assert.Contains(
            $"a \\[b\\]\\|c #1 (50%). A \\[b\\]\\|c: 50 % at layer 0 (n = 8).]({file})", page, StringComparison.Ordinal);
        Assert.Contains("`dlens-repro colors --model 'a [b]|c #1 (50%)'`", page, StringComparison.Ordinal);
        Assert.DoesNotContain(' ', file);
    }

    private static void AddFigure(ResultsRoot results, string model, string lines)
    {
        ResultsFolder folder = results.Of("colors", model);
        Directory.CreateDirectory(folder.Figures);
        Directory.CreateDirectory(folder.Tables);
        File.WriteAllText(folder.Figure("fig-3", "csv"), Header + lines);
        File.WriteAllText(folder.Figure("fig-3", "png"), "");
        File.WriteAllText(folder.Table("first", "md"), "");
    }

    private static string? Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "DiffusionLens.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
