using Experiments.Cli;
using Experiments.Console;

namespace Experiments.Tests.Runs;

public sealed class PreparationTests : IDisposable
{
    private const string Sees = ", sees: {thing: thing}";

    private readonly string _folder = Directory.CreateTempSubdirectory("words-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_word_that_the_recognizer_does_not_know_is_refused_before_any_image_is_made()
    {
        (int code, string error) = Run();

        Assert.Equal(ExitCode.BadInput, code);
        string line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("prompt 'a unicorn' of 'thing'", line, StringComparison.Ordinal);
        Assert.Contains("does not know 'unicorn'", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    [Fact]
    public void A_question_that_says_nothing_to_a_recognizer_is_refused_with_its_line()
    {
        (int code, string error) = Run(sees: "");

        Assert.Equal(ExitCode.BadInput, code);
        string line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("unicorns.yaml:8:10: the question 'there' does not say", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    [Fact]
    public void Images_alone_may_be_of_any_word()
    {
        (int code, string error) = Run(Sees, "--only", "images", "--dry-run");

        Assert.Equal(("", ExitCode.Done), (error, code));
    }

    private (int Code, string Error) Run(string sees = Sees, params string[] more)
    {
        string spec = Path.Combine(_folder, "unicorns.yaml");
        File.WriteAllText(Path.Combine(_folder, "unicorns.csv"), "prompt,thing\na star,star\na unicorn,unicorn\n");
        File.WriteAllText(spec, $$"""
            version: 1
            title: Unicorns
            layers: [12]
            seeds: 1
            prompts:
              thing: {csv: unicorns.csv, columns: {thing: thing}, right: there}
            questions:
              there: {ask: "Is there {a thing} in the picture?"{{sees}}, of: thing}
            """);
        using StringWriter output = new(), error = new();
        Terminal terminal = new(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None);
        int code = CommandLine.Run([spec, "--out", Path.Combine(_folder, "out"), .. more], terminal);
        return (code, error.ToString());
    }
}
