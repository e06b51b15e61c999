using Experiments.Verify;
using Lens;

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

        (int tables, IReadOnlyList<string> differences) = Compare();

        Assert.Equal((1, 0), (tables, differences.Count));
    }

    [Fact]
    public void A_difference_is_named_with_its_line()
    {
        Write("new", "colors/mini/measures.csv", "curve,mean\nright,0.5\nleft,0.1\n");
        Write("reference", "colors/mini/measures.csv", "curve,mean\nright,0.25\nleft,0.1\n");

        Assert.Equal(["colors/mini/measures.csv:2: right,0.5; in the reference right,0.25"], Compare().Differences);
    }

    [Fact]
    public void A_table_that_is_no_longer_made_is_named_and_what_was_not_run_is_not()
    {
        Write("new", "colors/mini/measures.csv", "curve,mean\n");
        Write("reference", "colors/mini/measures.csv", "curve,mean\n");
        Write("reference", "colors/mini/tables/t.csv", "a\n1\n");
        Write("reference", "animals/mini/measures.csv", "curve,mean\n");

        Assert.Equal(["colors/mini/tables/t.csv: is not there"], Compare().Differences);
    }

    [Fact]
    public void The_reference_itself_is_refused()
    {
        Write("new", "colors/mini/measures.csv", "curve,mean\n");

        string folder = Path.Combine(_folder, "new");
        Assert.Contains("elsewhere", Assert.Throws<BadInputException>(() => ResultsVerification.Compare(folder, folder)).Message, StringComparison.Ordinal);
    }

    private (int Tables, IReadOnlyList<string> Differences) Compare() =>
        ResultsVerification.Compare(Path.Combine(_folder, "new"), Path.Combine(_folder, "reference"));

    private void Write(string results, string file, string text)
    {
        string path = Path.Combine(_folder, results, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
