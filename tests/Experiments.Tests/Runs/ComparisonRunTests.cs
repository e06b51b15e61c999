using Experiments.Answers;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tests.Measures;

namespace Experiments.Tests.Runs;

/// <summary>
/// A comparison of answers to colors.yaml that were made by hand, on a model of three layers of which the third is the last.
/// </summary>
public sealed class ComparisonRunTests : IDisposable
{
    private const string Text = """
        version: 1
        title: Failures
        reads: [colors]
        figures:
          bars: {title: Failing, failures of: {Color: colors/color, Two: colors/two colors, Object: colors/object}}
        tables:
          types: {title: Sources, failure types: colors/two colors, parts: [object in color, object' in color']}
          agreement: {title: Agreement, agreement: {One color: {question: object in color, of: colors/color, among: object in color}}}

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("comparison-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Bars_count_complete_failures_and_early_successes_and_say_which_are_too_few_to_be_drawn()
    {
        Draw(
        [
            .. Prompts(12).SelectMany(prompt => Row("color", prompt, "eye", ("object in color", prompt.EndsWith('1') ? "000" : "010"))),
            .. Prompts(10).SelectMany(prompt => Row("two colors", prompt, "eye", ("object in color", "110"), ("object' in color'", "000"))),
        ]);

        string[] bars = Lines("figures/bars.csv");
        Assert.StartsWith("Color,2,10,12,12,1,", bars[1], StringComparison.Ordinal);
        Assert.EndsWith(",1", bars[1], StringComparison.Ordinal);
        Assert.StartsWith("Two,10,0,10,10,1,", bars[2], StringComparison.Ordinal);
        Assert.EndsWith(",0", bars[2], StringComparison.Ordinal);
        Assert.True(File.Exists(PathOf("figures/bars.png")));
    }

    [Fact]
    public void Failing_prompts_are_those_the_main_annotator_judged_and_then_all_with_the_other_ones_answers_to_the_parts()
    {
        Draw(
        [
            .. Row("two colors", "judged", "people", ("right", "000")),
            .. Row("two colors", "judged", "machine", ("object in color", "100"), ("object' in color'", "010")),
            .. Row("two colors", "not judged", "machine", ("object in color", "110"), ("object' in color'", "000")),
        ]);

        Assert.Equal(
            ["hand,people,1,0.0 % (0/1),100.0 % (1/1)", "hand,\"people, else machine\",2,50.0 % (1/2),50.0 % (1/2)"],
            Lines("tables/types.csv")[1..]);
    }

    [Fact]
    public void Two_annotators_agree_on_rows_that_the_second_finds_right_in_the_end()
    {
        Draw(
        [
            .. Row("color", "a", "people", ("object in color", "011")), .. Row("color", "a", "machine", ("object in color", "111")),
            .. Row("color", "b", "people", ("object in color", "000")), .. Row("color", "b", "machine", ("object in color", "000")),
        ]);

        Assert.Equal(["One color,3,66.6 %,100.0 %,80.0 %,0.0 %"], Lines("tables/agreement.csv")[1..]);
    }

    [Fact]
    public void Where_no_condition_has_enough_failures_there_is_a_figure_that_says_so()
    {
        Draw([.. Row("color", "a", "eye", ("object in color", "011"))]);

        Assert.True(File.Exists(PathOf("figures/bars.png")));
        Assert.EndsWith(",0", Lines("figures/bars.csv")[1], StringComparison.Ordinal);
    }

    private static string[] Prompts(int count) => [.. Enumerable.Range(0, count).Select(i => $"prompt {i}")];

    private static IEnumerable<Answer> Row(
        string condition,
        string prompt,
        string annotator,
        params (string Question, string Answers)[] questions
    ) => Rows.Answers(prompt, 0, annotator, questions).Select(answer => answer with { Condition = condition });

    private void Draw(Answer[] answers)
    {
        AnswerTable.Write(new ResultsRoot(_folder).Of("colors", "hand").Answers, answers);
        string spec = Path.Combine(_folder, "failing.yaml");
        File.WriteAllText(spec, Text);
        DrawnComparison drawn = Assert.Single(ComparisonRun.Execute(
            (Comparison)ExperimentReader.Read(spec), new ResultsRoot(_folder), ["hand", "not answered"], folderOfOne: null));
        Assert.Equal(new ResultsRoot(_folder).Of("failing", "hand"), drawn.Folder);
        Assert.Equal(["hand"], drawn.Models);
    }

    private string[] Lines(string file) => File.ReadAllLines(PathOf(file));

    private string PathOf(string file) => Path.Combine(_folder, "failing", "hand", file);
}
