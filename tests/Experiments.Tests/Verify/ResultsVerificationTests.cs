using System.Diagnostics;
using DiffusionLens;
using Experiments.Results;
using Experiments.Verify;

namespace Experiments.Tests.Verify;

public sealed class ResultsVerificationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("results-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Equal_numbers_agree_however_they_are_written()
    {
        Write("new", "colors/mini/measures.csv", "curve,mean\nright,0.50\n");
        Write("reference", "colors/mini/measures.csv", "curve,mean\nright,0.5\n");

        ResultsOutcome outcome = Compare();

        Assert.Equal((1, 0), (outcome.Tables, outcome.Differences.Count));
    }

    [Fact]
    public void Of_a_table_that_differs_the_first_differing_line_is_named()
    {
        Write("new", "colors/mini/measures.csv", "curve,mean\nright,0.5\nleft,0.1\n");
        Write("reference", "colors/mini/measures.csv", "curve,mean\nright,0.25\nleft,0.1\n");

        Assert.Equal(
            ["colors/mini/measures.csv: 1 of 2 rows differ; line 2 is right,0.5, in the reference right,0.25"], Compare().Differences);
    }

    [Fact]
    public void A_column_that_the_reference_does_not_know_is_no_difference_and_one_that_is_gone_is()
    {
        Write("new", "colors/mini/measures.csv", "curve,site,mean\nright,layer-00,0.5\n");
        Write("reference", "colors/mini/measures.csv", "curve,mean\nright,0.5\n");
        ResultsOutcome more = Compare();
        Write("reference", "colors/mini/measures.csv", "curve,mean,n\nright,0.5,4\n");

        Assert.Empty(more.Differences);
        Assert.Equal(["colors/mini/measures.csv: has no column 'n'"], Compare().Differences);
    }

    [Fact]
    public void A_table_that_is_no_longer_made_is_a_difference_and_what_was_not_run_is_none()
    {
        Write("new", "colors/mini/measures.csv", "curve,mean\n");
        Write("reference", "colors/mini/measures.csv", "curve,mean\n");
        Write("reference", "colors/mini/tables/t.csv", "a\n1\n");
        Write("reference", "animals/mini/measures.csv", "curve,mean\n");

        ResultsOutcome outcome = Compare();

        Assert.Equal(["colors/mini/tables/t.csv: is not there"], outcome.Differences);
        Assert.Equal(["animals/mini"], outcome.NotRun);
    }

    [Fact]
    public void The_reference_is_what_was_committed_also_when_a_new_run_has_written_over_it()
    {
        const string Table = "colors/mini/measures.csv";
        Write("results", Table, "curve,mean\nright,0.25\n");
        Git("init", "-q");
        Git("add", ".");
        Git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "reference");
        Write("results", Table, "curve,mean\nright,0.5\n");

        using CommittedResults committed = new("results", _folder);

        Assert.Single(ResultsVerification.Compare(
            new ResultsRoot(Path.Combine(_folder, "results")), new ResultsRoot(committed.Folder)).Differences);
    }

    [Fact]
    public void Where_nothing_is_committed_that_is_said() => Assert.Contains(
        "no reference results",
        Assert.Throws<BadInputException>(() => new CommittedResults("results", _folder)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_reference_itself_is_refused()
    {
        Write("new", "colors/mini/measures.csv", "curve,mean\n");

        ResultsRoot results = new(Path.Combine(_folder, "new"));
        BadInputException error = Assert.Throws<BadInputException>(() => ResultsVerification.Compare(results, results));
        Assert.Contains("with itself", error.Message, StringComparison.Ordinal);
    }

    private ResultsOutcome Compare() =>
        ResultsVerification.Compare(new ResultsRoot(Path.Combine(_folder, "new")), new ResultsRoot(Path.Combine(_folder, "reference")));

    private void Git(params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _folder })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    private void Write(string results, string file, string text)
    {
        string path = Path.Combine(_folder, results, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
