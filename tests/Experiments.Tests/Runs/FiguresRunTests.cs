using DiffusionLens;
using Experiments.Answers;
using Experiments.Console;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Specs;
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

    [Fact]
    public void What_was_measured_as_the_spec_was_before_is_measured_anew()
    {
        ResultsRoot results = new(_folder);
        AnswerMine(results);
        Draw(Mine("right in the last layer"), results);
        Draw(Mine("all"), results);

        Assert.All(
            MeasureTable.Read(results.Of("mine", "hand").Figure("one", "csv")).Points,
            point => Assert.Equal((RowChoice.All, 2), (point.Rows, point.RowCount)));
        Assert.Equal(2, MeasureTable.Read(results.Of("mine", "hand").Measures).Curve("one", "One")[0].RowCount);
    }

    [Fact]
    public void Measures_without_answers_are_not_drawn_as_those_of_other_rows()
    {
        ResultsRoot results = new(_folder);
        AnswerMine(results);
        Draw(Mine("right in the last layer"), results);
        File.Delete(results.Of("mine", "hand").Answers);
        Draw(Mine("right in the last layer"), results);

        string message = Assert.Throws<BadInputException>(() => Draw(Mine("all"), results)).Message;

        Assert.Equal(
            $"{results.Of("mine", "hand").Measures}: has the figure 'one' of other rows than the spec; "
                + "--only measures writes the table anew",
            message);
    }

    // Of two rows one is right in the last layer.
    private static void AnswerMine(ResultsRoot results) => AnswerTable.Write(
        results.Of("mine", "hand").Answers,
        Rows.Answers("a", 0, "eye", ("thing", "0011")).Concat(Rows.Answers("b", 0, "eye", ("thing", "0100")))
            .Select(answer => answer with { Condition = "object" }));

    private string Mine(string rows)
    {
        string spec = Path.Combine(_folder, "mine.yaml");
        const string Text = """
            version: 1
            title: Mine
            layers: all
            seeds: 1
            prompts:
              object: {template: "{a object}", sample: 2, right: thing}
            questions:
              thing: {ask: "Is there {a object}?", sees: {thing: object}, of: object}
            figures: {one: {title: One, rows: ROWS, curves: {One: {right: object}}}}

            """;
        File.WriteAllText(spec, Text.Replace("ROWS", rows, StringComparison.Ordinal));
        return spec;
    }

    private static void Draw(string spec, ResultsRoot results)
    {
        using StringWriter output = new();
        FiguresRun.Execute(
            [spec], ["hand"], results, new Terminal(output, output, TextReader.Null, IsInteractive: false, CancellationToken.None));
    }
}
