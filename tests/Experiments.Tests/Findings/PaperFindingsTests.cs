using DiffusionLens.Families;
using Experiments.Answers;
using Experiments.Findings;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Tests.Findings;

public sealed class PaperFindingsTests
{
    private const int LastLayer = 12;

    [Theory]
    [InlineData("0111", "0011", "0001", nameof(Verdict.Holds))]
    [InlineData("0001", "0011", "0111", nameof(Verdict.DoesNotHold))]
    [InlineData("0011", "0011", "0011", nameof(Verdict.DoesNotHold))]
    public void Complex_prompts_take_more_layers_where_they_are_right_later(string alone, string colored, string two, string verdict)
    {
        AnsweredExperiment colors = Answered(
            "colors",
            [
                Condition("object", "has object"),
                Condition("color", "object in color"),
                Condition("two colors", "object in color", "object' in color'"),
            ],
            [.. Prompts(5).SelectMany(prompt => (Answer[])
            [
                .. Row("object", prompt, ("has object", alone)),
                .. Row("color", prompt, ("object in color", colored)),
                .. Row("two colors", prompt, ("object in color", two), ("object' in color'", two)),
            ])]);

        Assert.Equal(verdict, $"{Test("A color takes layers", colors).Verdict}");
        Assert.Equal(verdict, $"{Test("Complex prompts take more layers", colors).Verdict}");
    }

    [Fact]
    public void The_estimate_is_a_share_of_the_depth_and_leaves_out_rows_that_end_wrong()
    {
        AnsweredExperiment animals = Answered(
            "animals",
            [Condition("familiar", "exact animal"), Condition("unfamiliar", "exact animal")],
            [
                .. Row("familiar", "a cat", ("exact animal", "1111")),
                .. Row("unfamiliar", "an otter", ("exact animal", "0011")),
                .. Row("unfamiliar", "a sloth", ("exact animal", "0100")),
            ]);

        FindingResult result = Test("Familiar before unfamiliar", animals);

        Assert.Equal(8.0 / LastLayer, result.Estimate!.Value, 12);
        Assert.Equal(2, result.Rows);
    }

    [Theory]
    [InlineData("1111", "0011", "T5 follows syntax", nameof(Verdict.DoesNotHold))]
    [InlineData("1111", "0011", "CLIP follows word order", nameof(Verdict.Holds))]
    public void The_first_noun_earlier_in_both_groups_is_order_and_not_syntax(string first, string second, string finding, string verdict)
    {
        AnsweredExperiment syntax = Answered(
            "syntax",
            [Condition("antecedent first", "matches"), Condition("antecedent second", "matches")],
            [.. from condition in (string[])["antecedent first", "antecedent second"]
                from prompt in Prompts(5)
                from answer in Row(condition, prompt, ("has first noun", first), ("has second noun", second), ("matches", "0001"))
                select answer]);

        Assert.Equal(verdict, $"{Test(finding, syntax).Verdict}");
    }

    [Fact]
    public void Failures_are_early_successes_where_an_earlier_layer_was_right()
    {
        AnsweredExperiment colors = Answered(
            "colors",
            [Condition("color", "object in color")],
            [.. Row("color", "a red car", ("object in color", "0100"))]);
        AnsweredExperiment relations = Answered(
            "relations",
            [Condition("in", "relation"), Condition("on", "relation")],
            [.. Row("on", "a cat on a log", ("relation", "0000"))]);

        FindingResult result = Test("Early success, then failure", colors, relations);

        Assert.Equal((0.5, 2, Verdict.Undecided), (result.Estimate!.Value, result.Rows, result.Verdict));
    }

    [Fact]
    public void Failures_by_knowledge_are_those_that_no_layer_had_right()
    {
        AnsweredExperiment colors = Answered(
            "colors",
            [Condition("color", "object in color")],
            [.. Prompts(5).SelectMany(prompt => Row("color", prompt, ("object in color", "0110")))]);
        AnsweredExperiment relations = Answered(
            "relations",
            [Condition("in", "relation"), Condition("on", "relation")],
            [.. Row("on", "a cat on a log", ("relation", "0100"))]);
        AnsweredExperiment animals = Answered(
            "animals",
            [Condition("unfamiliar", "exact animal")],
            [.. Prompts(5).SelectMany(prompt => Row("unfamiliar", prompt, ("exact animal", "0000")))]);
        AnsweredExperiment people = Answered(
            "celebrities",
            [Condition("person", "identity")],
            [.. Row("person", "Ada", ("identity", "0001"))]);

        FindingResult result = Test("Knowledge fails throughout", colors, relations, animals, people);

        Assert.Equal((1, 11, Verdict.Holds), (result.Estimate!.Value, result.Rows, result.Verdict));
    }

    [Theory]
    [InlineData(4, nameof(Verdict.Undecided))]
    [InlineData(5, nameof(Verdict.Holds))]
    public void With_few_prompts_nothing_is_decided(int prompts, string verdict)
    {
        AnsweredExperiment animals = Answered(
            "animals", [Condition("unfamiliar", "exact animal")],
            [.. Prompts(prompts).SelectMany(prompt => Row("unfamiliar", prompt, ("animal", "0111"), ("exact animal", "0001")))]);

        FindingResult result = Test("Coarse to fine", animals);

        Assert.Equal((prompts, verdict), (result.Prompts, $"{result.Verdict}"));
    }

    [Fact]
    public void A_finding_is_undecided_where_its_experiment_or_every_row_is_missing()
    {
        AnsweredExperiment without = Answered(
            "animals",
            [Condition("familiar", "exact animal")],
            [.. Row("familiar", "a cat", ("exact animal", "0001"))]);

        Assert.Equal((null, Verdict.Undecided), (Test("Relations are late").Estimate, Test("Relations are late").Verdict));
        Assert.Equal((null, Verdict.Undecided), (Test("Coarse to fine", without).Estimate, Test("Coarse to fine", without).Verdict));
    }

    [Fact]
    public void Findings_of_one_kind_of_text_encoder_are_not_asked_of_the_other()
    {
        Assert.DoesNotContain(PaperFindings.For(EncoderKind.Clip), finding => finding.Name == "T5 follows syntax");
        Assert.DoesNotContain(PaperFindings.For(EncoderKind.T5), finding => finding.Name == "CLIP follows word order");
        Assert.Equal(PaperFindings.All.Count, PaperFindings.All.Select(finding => finding.Name).Distinct().Count());
    }

    private static FindingResult Test(string finding, params AnsweredExperiment[] answered) =>
        PaperFindings.All.Single(f => f.Name == finding).Test(answered.ToDictionary(e => e.Spec.Name));

    private static string[] Prompts(int count) => [.. Enumerable.Range(0, count).Select(i => $"prompt {i}")];

    private static ConditionSpec Condition(string name, params string[] right) =>
        Measures.Rows.Condition with { Name = name, Right = new AnswerRule(All: true, right) };

    private static IEnumerable<Answer> Row(string condition, string prompt, params (string Question, string Answers)[] questions) =>
        Measures.Rows.Answers(prompt, 0, "eye", questions).Select(answer => answer with { Condition = condition });

    private static AnsweredExperiment Answered(string name, ConditionSpec[] conditions, Answer[] answers) =>
        AnsweredExperiment.Of(Measures.Small.Spec with { Name = name, Conditions = conditions }, "small", LastLayer, answers);
}
