using Experiments.Answers;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Results;

namespace Experiments.Tests.Runs;

/// <summary>The whole line on a model of a few kilobytes, for which a person answers.</summary>
public sealed class ExperimentRunTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    private readonly string _folder = Directory.CreateTempSubdirectory("run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void From_spec_to_report_with_answers_by_hand_and_a_second_run_does_nothing()
    {
        string first = Run();
        Assert.Contains("6 made", first, StringComparison.Ordinal);
        Assert.Contains("are missing: fill in", first, StringComparison.Ordinal);
        Assert.True(File.Exists(InFolder("strips/object.png")));

        string questions = InFolder("questions.csv");
        AnswerTable.Write(questions, [.. AnswerTable.Read(questions).Select(answer => answer with { Yes = answer.Layer == 5 })]);
        string second = Run();
        Assert.Contains("all 6 are there", second, StringComparison.Ordinal);
        Assert.EndsWith("report.html", second.TrimEnd(), StringComparison.Ordinal);
        Assert.All(
            ["answers.csv", "measures.csv", "figures/fig-3.png", "figures/fig-3.svg", "figures/fig-3.csv", "report.html", "manifest.json"],
            file => Assert.True(File.Exists(InFolder(file)), file));
        Dictionary<string, byte[]> written = Files();

        string third = Run();
        Assert.Contains("Nothing to do", third, StringComparison.Ordinal);
        Assert.Equal(written, Files());

        File.Delete(InFolder("figures/fig-3.svg"));
        Assert.DoesNotContain("Nothing to do", Run(), StringComparison.Ordinal);
        Assert.Equal(written.Keys.Order(), Files().Keys.Order());
        Assert.DoesNotContain(Files().Keys, file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void The_manifest_says_what_was_run_and_how_long_it_took()
    {
        Run("--only", "images");

        RunManifest manifest = RunManifest.Read(new ResultsFolder(_folder))!;
        Assert.Equal(("colors.yaml", "sd1", 3, 6), (manifest.Spec.Name, manifest.Model.Name, manifest.Prompts, manifest.Images));
        Assert.Equal([0, 5], manifest.Layers);
        Assert.Equal("float32", manifest.Dtype);
        Assert.True(manifest.Stages["images"].Done);
        Assert.Equal(64, manifest.Model.Sha256.Length);
    }

    [Fact]
    public void A_dry_run_shows_the_plan_and_makes_nothing()
    {
        string output = Run("--dry-run");

        Assert.Contains("3 prompts x 2 layers x 1 seed = 6 images", output, StringComparison.Ordinal);
        Assert.Contains("To make: 6 images; 0 are there.", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private string Run(params string[] more)
    {
        using StringWriter output = new(), error = new();
        Terminal terminal = new(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None);
        int code = CommandLine.Run(
            ["colors", "--model", Model, "--layers", "0,5", "--limit", "1", "--seeds", "0", "--steps", "1", "--out", _folder, .. more],
            terminal);
        Assert.Equal("", error.ToString());
        Assert.Equal(ExitCode.Done, code);
        return output.ToString();
    }

    private string InFolder(string file) => Path.Combine(_folder, file);

    private Dictionary<string, byte[]> Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_folder, path), File.ReadAllBytes);
}
