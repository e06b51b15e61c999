using Experiments.Catalog;
using Experiments.Findings;
using Experiments.Paper;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Paper;

public sealed class PublishedTests : IDisposable
{
    private readonly string _results = Directory.CreateTempSubdirectory("published-").FullName;

    public void Dispose() => Directory.Delete(_results, recursive: true);

    [Fact]
    public void Every_item_is_something_that_its_experiment_makes()
    {
        Assert.All(Published.Items.SelectMany(item => item.Shows), file =>
        {
            string path = AssetCatalog.Experiments.Find(file.Experiment).Path;
            if (ExperimentReader.Read(path) is Comparison)
            {
                Comparison comparison = (Comparison)ExperimentReader.Read(path);
                Assert.Contains(file.Name, file.Kind == "figures"
                    ? comparison.Bars.Select(figure => figure.Name)
                    : comparison.FailureTypes.Select(table => table.Name).Concat(comparison.Agreements.Select(table => table.Name)));
                return;
            }

            Spec spec = (Spec)ExperimentReader.Read(path);
            Assert.Contains(file.Name, file.Kind switch
            {
                "figures" => spec.Figures.Select(figure => figure.Name),
                "tables" => spec.Tables.Select(table => table.Name),
                _ => spec.Strips.Select(strip => strip.Name),
            });
        });
    }

    [Fact]
    public void Every_finding_is_tested_beside_a_figure_or_table() =>
        Assert.Equal(
            PaperFindings.All.Select(finding => finding.Name).Order(),
            Published.Items.SelectMany(item => item.Tested).Select(finding => finding.Name).Order());

    [Theory]
    [InlineData("50.8 (63/124)", "50.8 % (63/124)", true)]
    [InlineData("35.5 (42/118)", "35.5 % (42/118)", true)]
    [InlineData("50.8 (63/124)", "50.8 % (62/122)", false)]
    [InlineData("50.8", "50.9 %", true)]
    [InlineData("50.8", "51.0 %", false)]
    [InlineData("1319", "1319", true)]
    [InlineData("1319", "1318", false)]
    public void A_printed_cell_agrees_to_its_last_digit_and_its_counts_exactly(string printed, string ours, bool agrees)
    {
        Write("tables/t.csv", $"Model,What,Value\npaper-df,row,{ours}\n");

        PrintedComparison comparison = PrintedComparison.Of(
            File("tables"),
            new PrintedValue("paper-df", "row", "Value", printed),
            new ResultsRoot(_results));

        Assert.Equal((ours, agrees), (comparison.Ours, comparison.Agrees));
    }

    [Theory]
    [InlineData("35 28 100", true)]
    [InlineData("35 29 100", false)]
    [InlineData("35 28", false)]
    public void A_printed_curve_agrees_to_the_unit(string printed, bool agrees)
    {
        Write("figures/t.csv", "figure,curve,layer,mean\nt,Object,0,0.347\nt,Object,4,0.275\nt,Object,24,1\nt,Other,0,0\n");

        Assert.Equal(
            agrees,
            PrintedComparison.Of(File("figures"), new PrintedValue("paper-df", "Object", "", printed), new ResultsRoot(_results)).Agrees);
    }

    [Fact]
    public void What_is_not_there_is_not_compared() =>
        Assert.Null(
            PrintedComparison.Of(File("tables"), new PrintedValue("paper-df", "row", "Value", "1"), new ResultsRoot(_results)).Ours);

    private static ResultFile File(string kind) => new("e", kind, "t");

    private void Write(string file, string text)
    {
        string path = Path.Combine(_results, "e", "paper-df", file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
    }
}
