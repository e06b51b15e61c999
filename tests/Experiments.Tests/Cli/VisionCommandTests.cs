using Experiments.Answers;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Results;
using Experiments.Tests.Answers.Vision;
using Given = Experiments.Tests.Answers.Vision.FakeServer.Given;

namespace Experiments.Tests.Cli;

/// <summary>A vision-language model on the command line: a spec with one, on a model of a few kilobytes.</summary>
public sealed class VisionCommandTests : IDisposable
{
    private const int Answers = 6;

    private readonly string _root = Directory.CreateTempSubdirectory("vision-command-").FullName;
    private readonly ResultsFolder _results;

    public VisionCommandTests()
    {
        _results = new ResultsFolder(Path.Combine(_root, "results"));
        File.WriteAllText(Path.Combine(_root, "small.yaml"), """
            version: 1
            title: Small
            layers: [0, 5]
            seeds: 1
            sampler: {steps: 2}
            answers: vlm
            vlm: {url: "http://127.0.0.1:9/v1", model: small-vlm, prompt: mine.yaml}
            prompts:
              object: {template: "{a object}", sample: 3, right: has object}
            questions:
              has object: {ask: "Is there {a object}?", sees: {thing: object}, of: object}
            figures: {f: {title: T, rows: all, curves: {O: {yes: has object, of: object}}}}
            """);
        File.WriteAllText(
            Path.Combine(_root, "mine.yaml"), "version: 1\nanswer: yes-no\nmax tokens: 1\nask: \"{question} {statement}\"\n");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_spec_with_a_model_runs_to_its_report_and_asks_once()
    {
        using FakeServer server = new(_ => Given.Probabilities(yes: 0.9, no: 0.05));
        string[] there = ["--vlm-url", server.Url.ToString()];

        (int code, string plan, _) = Execute([.. there, "--dry-run"]);
        int asked = server.Posts;
        (int first, string _, string error) = Execute(there);
        (int second, string again, _) = Execute(there);

        Assert.Equal((ExitCode.Done, ExitCode.Done, ExitCode.Done, ""), (code, first, second, error));
        Assert.Contains($"takes {Answers} calls", plan, StringComparison.Ordinal);
        Assert.Equal((0, Answers), (asked, server.Posts));
        Assert.Contains("Nothing to do", again, StringComparison.Ordinal);
        Assert.True(File.Exists(_results.Report));
        Assert.All(AnswerTable.Read(_results.Answers), answer => Assert.Equal((0.9474, true), (answer.Score, answer.Yes)));
        Assert.Contains("? There is ", server.Bodies.First(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_wrong_is_one_line_and_exit_code_2()
    {
        using FakeServer server = new(_ => new Given(401, """{"error":"Unauthorized"}"""));

        (int nobody, _, string refused) = Execute();
        (int noKey, _, string wrong) = Execute("--vlm-url", server.Url.ToString());
        (int nothing, _, string unused) = Execute("--annotators", "people", "--vlm-url", server.Url.ToString());

        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput, ExitCode.BadInput), (nobody, noKey, nothing));
        Assert.Contains("nothing listens there", Assert.Single(Lines(refused)), StringComparison.Ordinal);
        Assert.Contains("key missing or wrong", Assert.Single(Lines(wrong)), StringComparison.Ordinal);
        Assert.Contains("add --annotators vlm", Assert.Single(Lines(unused)), StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private (int Code, string Output, string Error) Execute(params string[] more)
    {
        using StringWriter output = new(), error = new();
        string model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");
        int code = CommandLine.Run(
            ["run", Path.Combine(_root, "small.yaml"), "--model", model, "--out", _results.Path, .. more],
            new Terminal(output, error, new StringReader(""), IsInteractive: false, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }
}
