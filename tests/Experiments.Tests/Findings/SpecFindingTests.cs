using Experiments.Findings;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using static Experiments.Tests.Measures.ComparedRows;

namespace Experiments.Tests.Findings;

public sealed class SpecFindingTests
{
    private const string Eight = "00000000";

    [Theory]
    [InlineData("00000000", "11111111", 0, "Holds")]
    [InlineData("00000000", "11111111", 0.99, "Holds")]
    [InlineData("00000000", "00000000", 0, "DoesNotHold")]
    [InlineData("11111111", "00000000", 0, "DoesNotHold")]
    [InlineData("00000000", "10000000", 0.5, "DoesNotHold")]
    [InlineData("00000000", "11111000", 0.2, "Undecided")]
    [InlineData("00000000", "10000000", 0, "Undecided")]
    [InlineData("0000", "1111", 0, "Undecided")]
    [InlineData("00000000", "--------", 0, "Undecided")]
    public void A_difference_holds_above_its_bound_and_does_not_at_it_or_below(string without, string with, double bound, string verdict)
    {
        HypothesisSpec hypothesis = new("h", "H", Second, First, ComparedLayer.Last, bound);

        Assert.Equal(verdict, Test(without, with, hypothesis).Results.Single().Verdict.ToString());
    }

    [Fact]
    public void An_interval_above_the_bound_is_not_enough_where_the_test_among_all_others_does_not_reject()
    {
        HypothesisSpec hypothesis = new("h", "H", Second, First, ComparedLayer.Last, 0);
        HypothesisSpec[] others =
        [
            hypothesis,
            new("o", "O", First with { IsNegated = true }, Second, ComparedLayer.Last, 0),
        ];

        // Five of eight: p = 0.0625 by itself. Six: 0.03125 by itself, 0.0625 of two.
        Assert.Equal(Verdict.Undecided, Test(Eight, "11111000", hypothesis).Results[0].Verdict);
        Assert.True(Test(Eight, "11111000", hypothesis).Results[0].Interval!.Low > 0);
        Assert.Equal(Verdict.Holds, Test(Eight, "11111100", hypothesis).Results[0].Verdict);
        Assert.Equal(Verdict.Undecided, Test(Eight, "11111100", others).Results[0].Verdict);
    }

    [Theory]
    [InlineData("11111111", 0.5, "Holds")]
    [InlineData("00000000", 0.5, "DoesNotHold")]
    [InlineData("11110000", 0.5, "Undecided")]
    public void A_share_is_tested_by_its_interval_alone(string with, double bound, string verdict)
    {
        HypothesisResult result = Test(Eight, with, new HypothesisSpec("h", "H", Second, null, ComparedLayer.Last, bound)).Results.Single();

        Assert.Equal((verdict, null, 8), (result.Verdict.ToString(), result.Test, result.Prompts));
    }

    [Theory]
    [InlineData("11111111", "used")]
    [InlineData("00000000", "unused")]
    [InlineData("11110000", "")]
    public void What_follows_is_what_all_its_verdicts_allow(string with, string concluded)
    {
        HypothesisSpec hypothesis = new("h", "H", Second, First, ComparedLayer.Last, 0.05);

        Assert.Equal(concluded, string.Join(";", Test(Eight, with, hypothesis).Concluded));
    }

    [Fact]
    public void The_table_of_a_finding_has_a_row_a_hypothesis_and_what_is_concluded()
    {
        FindingSpec finding = Finding(
            new HypothesisSpec("h", "It is used", Second, First, ComparedLayer.Last, 0.05),
            new HypothesisSpec("s", "Half are", Second, null, ComparedLayer.Last, 0.5));
        AnsweredExperiment experiment = Experiment(
            OfBoth with { Findings = [finding], Tables = [new TableSpec.Differences("d", "Difference", [("It", Difference)])] },
            Answered(Without, "10000000"),
            Answered(With, "11111111"));

        IReadOnlyList<TableSheet> sheets = ExperimentTables.Of(experiment, new ResultsFolder("nowhere"));

        Assert.Equal(
            ["small", "It", "12", "12.5 % (1/8)", "100.0 % (8/8)", "+87.5", "+62.5 to +100.0", "0, 7", "8", "0.0156", "0.0156"],
            sheets[0].Rows.Single());
        Assert.Equal(
            [
                "small", "h", "It is used", "5 %", "yes", "12.5 % (1/8)", "100.0 % (8/8)", "+87.5", "+62.5 to +100.0", "0, 7", "8",
                "0.0156", "0.0156",
            ],
            sheets[1].Rows[0]);
        Assert.Equal(
            ["small", "s", "Half are", "50 %", "yes", "–", "100.0 % (8/8)", "–", "100.0 % to 100.0 %", "–", "8", "–", "–"],
            sheets[1].Rows[1]);
        Assert.Equal(["small", "concluded", "Is it used?", "–", "used"], sheets[1].Rows[2].Take(5));
        Assert.Contains("the one test of this experiment", sheets[1].Note, StringComparison.Ordinal);
    }

    private static FindingSpec Finding(params HypothesisSpec[] hypotheses) => new("f", "Is it used?", hypotheses,
    [
        new ConclusionSpec("used", [(hypotheses[0].Name, true)]),
        new ConclusionSpec("unused", [(hypotheses[0].Name, false)]),
    ]);

    private static SpecFinding Test(string without, string with, params HypothesisSpec[] hypotheses)
    {
        AnsweredExperiment experiment =
            Experiment(OfBoth with { Findings = [Finding(hypotheses)] }, Answered(Without, without), Answered(With, with));
        return SpecFinding.All(experiment, TestedDifferences.Of(experiment)).Single();
    }
}
