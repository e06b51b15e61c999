using Experiments.Cli;

namespace Experiments.Tests.Catalog;

/// <summary>What lies in the current folder under a name that the tool looks for; in a process of its own, which has that folder.</summary>
public sealed class AssetCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("catalog-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_spec_that_is_called_as_the_models_lexicon_is_not_taken_for_it()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "experiments", "colors.yaml"), Path.Combine(_folder, "mini.yaml"));

        (int code, string output) = Run("mini", "--dry-run");

        Assert.True(code == ExitCode.Done, output);
        Assert.Contains("experiment  mini: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_of_a_model_are_not_taken_for_the_model()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "mini-sd", "images"));

        (int code, string output) = Run("colors", "--dry-run");

        Assert.True(code == ExitCode.Done, output);
        Assert.Contains("model       mini-sd (of the tool)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./mini-sd")]
    [InlineData("{folder}/mini-sd")]
    public void A_path_is_what_it_says_though_the_tool_has_that_name(string model)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "mini-sd"));

        (int code, string output) = Run("colors", "--dry-run", "--model", model.Replace("{folder}", _folder));

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("model_index.json", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lexicon_of_the_users_comes_first()
    {
        File.WriteAllText(Path.Combine(_folder, "mini.yaml"), "version: 1\nname: mini\ngroups: 3\n");

        (int code, string output) = Run("colors", "--dry-run");

        Assert.Equal(ExitCode.BadInput, code);
        Assert.StartsWith("dlens-repro: mini.yaml:3:9: ", output, StringComparison.Ordinal);
    }

    private (int Code, string Output) Run(params string[] words) =>
        ChildProgram.RunIn(_folder, new Dictionary<string, string>(), ["cli", "run", .. words]);
}
