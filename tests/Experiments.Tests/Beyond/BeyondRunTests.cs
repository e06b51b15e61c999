using Experiments.Cli;
using Experiments.Console;
using Experiments.Tests.Specs;

namespace Experiments.Tests.Beyond;

/// <summary>The experiments that followed the paper, a prompt a condition.</summary>
public sealed class BeyondRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("beyond-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Speed", "slow")]
    public void All_that_a_model_can_be_asked_is_run_and_what_it_cannot_is_said()
    {
        string results = Path.Combine(_folder, "results");

        (int code, string output, string error) = Run(
            "beyond", "--limit", "1", "--seeds", "0", "--steps", "1", "--results", results);

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains("template          not on mini-sd: ", output, StringComparison.Ordinal);
        Assert.Contains("this model writes prompts into no template", output, StringComparison.Ordinal);
        Assert.Contains("padding-denoiser  not on mini-sd: ", output, StringComparison.Ordinal);
        string report = Path.Combine(results, "beyond", "report.html");
        Assert.EndsWith($"{report}{Environment.NewLine}", output, StringComparison.Ordinal);
        string page = File.ReadAllText(report);
        Assert.Contains("Not on mini-sd: ", page, StringComparison.Ordinal);
        Assert.Contains("cannot be asked", page, StringComparison.Ordinal);
        Assert.Contains("Does a noun&#x27;s state carry the adjective before it?", page, StringComparison.Ordinal);
        Assert.Contains("undecided", page, StringComparison.Ordinal);
        foreach (string name in new[] { "token-lens", "isolation", "leak-repair", "padding", "masks", "skip-blocks", "mixtures" })
        {
            Assert.Contains($"<section id=\"{name}\">", page, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(results, name, "mini-sd", "report.html")), name);
        }
    }

    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("template")]
    [InlineData("padding-denoiser")]
    [InlineData("padding")]
    [InlineData("masks")]
    public void A_model_with_a_chat_template_and_joint_attention_makes_the_images_that_embedded_ones_cannot(string spec)
    {
        string model = Path.Combine(AppContext.BaseDirectory, "reference", "klein"), small = Path.Combine(_folder, $"{spec}.yaml");
        IEnumerable<string> lines = File.ReadLines(RepositoryFiles.Experiment(spec))
            .Where(line => !line.StartsWith("sampler:", StringComparison.Ordinal))
            .Select(line => line == "prompts:" ? "sampler: {height: 32, width: 32}\nprompts:" : line);
        File.WriteAllLines(small, lines);

        (int code, string output, string error) = Run(
            "run", small, "--model", model, "--limit", "1", "--seeds", "0", "--steps", "1", "--only", "images",
            "--out", Path.Combine(_folder, "out"));

        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains("0 made again, 0 were there", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_can_be_asked_nothing_is_one_line()
    {
        (int code, _, string error) = Run("beyond", "--model", "no-such-model", "--results", Path.Combine(_folder, "none"));

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains("no such model", error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] words)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(words, new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }
}
