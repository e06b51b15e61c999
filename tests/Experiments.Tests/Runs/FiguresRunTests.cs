using Experiments.Answers;
using Experiments.Console;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Tests.Measures;

namespace Experiments.Tests.Runs;

public sealed class FiguresRunTests : IDisposable
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "of this machine"));

    private readonly string _folder = Directory.CreateTempSubdirectory("figures-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_command_of_a_page_has_all_that_its_numbers_depend_on_and_no_path_of_this_machine() => Assert.Equal(
        "dlens-repro figures my.yaml --model a,b --results 'my results' --calibration known.csv --page page.md",
        FiguresRun.PageCommand(
            [Path.Combine(Root, "my.yaml")],
            ["a", "b"],
            new ResultsRoot(Path.Combine(Root, "my results")),
            Path.Combine(Root, "page.md"),
            Path.Combine(Root, "known.csv")));

    [Fact]
    public void What_was_named_from_here_stays_as_it_was_named() => Assert.Equal(
        "dlens-repro figures --model a --results ../results --page docs/page.md",
        FiguresRun.PageCommand([], ["a"], new ResultsRoot("../results"), "docs/page.md", null));

    [Fact]
    public void A_comparison_of_a_cascade_whose_name_joins_its_stages_is_drawn()
    {
        const string Cascade = "stage-I+stage-II";
        ResultsRoot results = new(_folder);
        AnswerTable.Write(
            results.Of("colors", Cascade).Answers,
            Rows.Answers("a", 0, "eye", ("object in color", "011")).Select(answer => answer with { Condition = "color" }));
        string spec = Path.Combine(_folder, "failing.yaml");
        File.WriteAllText(spec, """
            version: 1
            title: Failures
            reads: [colors]
            figures:
              bars: {title: Failing, failures of: {Color: colors/color}}

            """);
        using StringWriter output = new();

        FiguresRun.Execute(
            [spec], [Cascade], results, new Terminal(output, output, TextReader.Null, IsInteractive: false, CancellationToken.None));

        Assert.Equal($"{results.Of("failing", Cascade)}{Environment.NewLine}", output.ToString());
    }
}
