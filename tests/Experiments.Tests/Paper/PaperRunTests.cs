using Experiments.Cli;
using Experiments.Console;
using Experiments.Tests.Import;

namespace Experiments.Tests.Paper;

public sealed class PaperRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("paper-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_release_alone_is_imported_drawn_and_reported()
    {
        string results = Path.Combine(_folder, "results");

        (int code, string output, string error) = Run(
            "paper",
            "--model",
            "paper-df,paper-sd",
            "--release",
            SmallRelease.Make(Path.Combine(_folder, "release")),
            "--results",
            results);

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.EndsWith($"{Path.Combine(results, "paper", "report.html")}{Environment.NewLine}", output, StringComparison.Ordinal);
        Assert.Contains("byte for byte", output, StringComparison.Ordinal);
        string page = File.ReadAllText(Path.Combine(results, "paper", "report.html"));
        Assert.Contains("paper-df, paper-sd", page, StringComparison.Ordinal);
        Assert.Contains("data:image/svg+xml", page, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(results, "colors", "paper-df", "figures", "fig-3.png")));
    }

    [Theory]
    [InlineData("no answers below", "paper", "--model", "paper-df")]
    [InlineData("give each name once", "paper", "--model", "mini-sd,mini-sd")]
    [InlineData("no such model", "paper", "--model", "no-such-model", "--limit", "1")]
    [InlineData("is no release", "paper", "--release", ".")]
    [InlineData("is no release", "import", ".")]
    [InlineData("no answers below", "figures", "--model", "paper-df")]
    [InlineData("no such experiment", "figures", "no-such-experiment")]
    public void What_cannot_be_done_is_refused_in_one_line(string expected, params string[] words)
    {
        (int code, _, string error) = Run([.. words, "--results", Path.Combine(_folder, "none")]);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_not_there_is_found_before_the_first_is_run()
    {
        string results = Path.Combine(_folder, "results");

        (int code, string output, string error) = Run(
            "paper",
            "--model",
            "mini-sd,no-such-model",
            "--limit",
            "1",
            "--seeds",
            "0",
            "--steps",
            "1",
            "--results",
            results);

        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains("no such model", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(results));
    }

    private static (int Code, string Output, string Error) Run(params string[] words)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(words, new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }
}
