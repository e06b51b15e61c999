using Experiments.Cli;
using Experiments.Console;
using Experiments.Results;
using Experiments.Tests.Import;

namespace Experiments.Tests.Cli;

/// <summary>Commands that write in a results folder, while somebody else works in it.</summary>
public sealed class ClaimedFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("claimed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nothing_is_drawn()
    {
        ResultsFolder results = new ResultsRoot(_folder).Of("colors", "hand");
        Directory.CreateDirectory(results.Path);
        File.WriteAllText(results.Answers, "of somebody");

        AssertRefused(results, "figures", "colors", "--model", "hand", "--results", _folder);
    }

    [Fact]
    public void Nothing_is_imported()
    {
        string release = Path.Combine(_folder, "release");
        SmallRelease.Make(release);
        ResultsRoot results = new(Path.Combine(_folder, "results"));

        AssertRefused(results.Of("relations", "paper-df"), "import", release, "--results", results.Path);
    }

    private static void AssertRefused(ResultsFolder folder, params string[] command)
    {
        using FolderClaim claim = FolderClaim.Take(folder);
        string[] before = Directory.GetFiles(folder.Path);
        using StringWriter output = new();
        Terminal terminal = new(output, output, TextReader.Null, IsInteractive: false, CancellationToken.None);

        Assert.Equal(ExitCode.BadInput, CommandLine.Run(command, terminal));

        Assert.Contains($"{folder}: is worked in by process", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(folder.Path));
    }
}
