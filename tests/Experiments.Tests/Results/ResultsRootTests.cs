using Experiments.Results;

namespace Experiments.Tests.Results;

public sealed class ResultsRootTests
{
    [Theory]
    [InlineData("..", "mini-sd")]
    [InlineData(".", "mini-sd")]
    [InlineData("../../x", "mini-sd")]
    [InlineData("/etc", "mini-sd")]
    [InlineData("colors", "..")]
    [InlineData("colors", "")]
    [InlineData("", "")]
    public void No_name_of_an_experiment_or_a_model_leads_out_of_the_results(string experiment, string model)
    {
        string root = Path.GetFullPath("results"), folder = Path.GetFullPath(new ResultsRoot("results").Of(experiment, model).Path);
        Assert.Equal(root, Path.GetDirectoryName(Path.GetDirectoryName(folder)));
    }

    [Fact]
    public void Plain_names_are_the_folders() =>
        Assert.Equal(Path.Combine("results", "colors", "mini-sd"), new ResultsRoot("results").Of("colors", "mini-sd").Path);
}
