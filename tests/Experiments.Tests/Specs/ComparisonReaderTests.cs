using DiffusionLens;
using Experiments.Catalog;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Specs;

public sealed class ComparisonReaderTests : IDisposable
{
    private const string Text = """
        version: 1
        title: Failures
        reads: [colors]
        figures:
          fig-14: {title: Failing, failures of: {Color: colors/color, Two: colors/two colors}}
        tables:
          types: {title: Sources, failure types: colors/two colors, parts: [object in color, object' in color']}
          table-2: {title: Agreement, agreement: {One color: {question: object in color, of: colors/color, among: object in color}}}

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("comparison-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_told_from_a_spec_that_generates_and_read()
    {
        string path = Write(Text);

        Assert.True(ExperimentReader.Read(path) is Comparison);
        Assert.False(ExperimentReader.Read(AssetCatalog.Experiments.Find("colors").Path) is Comparison);
        Comparison comparison = (Comparison)ExperimentReader.Read(path);
        Assert.Equal(["Color", "Two"], comparison.Bars.Single().Bars.Select(bar => bar.Label));
        Assert.Equal(["object in color", "object' in color'"], comparison.FailureTypes.Single().Parts.Select(part => part.Name));
        Assert.Equal("object in color", comparison.Agreements.Single().Rows.Single().Question.Name);
    }

    [Theory]
    [InlineData("colors/color, Two", "colours/color, Two", "did you mean|the only one is 'colors'")]
    [InlineData("colors/color, Two", "color, Two", "such as colors/two colors")]
    [InlineData("parts:", "part:", "'part'")]
    public void What_is_wrong_is_named_with_its_place(string old, string replacement, string error)
    {
        string path = Write(Text.Replace(old, replacement, StringComparison.Ordinal));

        string message = Assert.Throws<BadInputException>(() => (Comparison)ExperimentReader.Read(path)).Message;

        Assert.StartsWith($"{path}:", message, StringComparison.Ordinal);
        Assert.Contains(error.Split('|'), part => message.Contains(part, StringComparison.Ordinal));
    }

    [Fact]
    public void A_condition_that_its_experiment_lacks_is_named()
    {
        Comparison comparison = (Comparison)
            ExperimentReader.Read(Write(Text.Replace("colors/color,", "colors/colour,", StringComparison.Ordinal)));

        Assert.Contains(
            "'colour' is no condition of colors",
            Assert.Throws<BadInputException>(() => ComparisonRun.Read(comparison, new ResultsRoot(_folder), "mini-sd")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parts: [object in color,", "parts: [object in colour,", "7:69", "object in colour", "colors/two colors")]
    [InlineData("{question: object in color", "{question: object in colour", "8:65", "object in colour", "colors/color")]
    [InlineData("among: object in color", "among: object' in color'", "8:107", "object' in color'", "colors/color")]
    [InlineData("parts: [object in color,", "parts: [right,", "7:69", "right", "colors/two colors")]
    public void A_question_that_nobody_is_asked_about_the_condition_is_named_with_its_place_and_what_there_is(
        string old, string replacement, string place, string question, string condition)
    {
        string path = Write(Text.Replace(old, replacement, StringComparison.Ordinal));

        string message = Assert.Throws<BadInputException>(() =>
            ComparisonRun.Read((Comparison)ExperimentReader.Read(path), new ResultsRoot(_folder), "mini-sd")).Message;

        Assert.StartsWith($"{path}:{place}: {question.Quoted()} is no question of {condition}; ", message, StringComparison.Ordinal);
        Assert.Contains("object in color", message[message.IndexOf(';', StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void Annotators_may_be_compared_by_what_they_said_of_images_as_a_whole()
    {
        string path = Write(Text.Replace("question: object in color", "question: right", StringComparison.Ordinal));

        Assert.Empty(
            ComparisonRun.Read((Comparison)ExperimentReader.Read(path), new ResultsRoot(_folder), "mini-sd").Experiments);
    }

    [Fact]
    public void Every_comparison_that_comes_along_asks_for_what_its_experiments_ask()
    {
        Comparison[] all =
        [
            .. AssetCatalog.Experiments.Names().Select(name => ExperimentReader.Read(AssetCatalog.Experiments.Find(name).Path))
                .OfType<Comparison>(),
        ];

        Assert.NotEmpty(all);
        Assert.All(all, comparison => ComparisonRun.Read(comparison, new ResultsRoot(_folder), "mini-sd"));
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder, "comparison.yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
