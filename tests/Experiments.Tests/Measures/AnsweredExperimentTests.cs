using DiffusionLens;
using Experiments.Answers;
using Experiments.Measures;

namespace Experiments.Tests.Measures;

public sealed class AnsweredExperimentTests
{
    private static readonly IReadOnlyList<Answer> ByTwo =
    [
        .. Rows.Answers("a", 0, "human", (Rows.First, "0111")),
        .. Rows.Answers("a", 0, "gpt", (Rows.First, "0000"), (Rows.Second, "0011")),
        .. Rows.Answers("b", 0, "gpt", (Rows.First, "1111"), (Rows.Second, "1111")),
    ];

    [Fact]
    public void A_question_is_answered_by_its_main_annotator_alone()
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(Small.Spec, "paper", null, ByTwo);

        Assert.Equal(["a", "b"], experiment.Rows.Select(row => row.Prompt));
        Assert.Equal((true, true), (experiment.Rows[0].Answer(Rows.First, 4), experiment.Rows[0].Answer(Rows.Second, 8)));
        Assert.False(experiment.Rows[1].Has(Rows.First));
        Assert.True(experiment.Rows[1].Has(Rows.Second));
    }

    [Fact]
    public void Others_count_where_asked_for_and_the_main_one_was_not_asked()
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(Small.Spec, "paper", null, ByTwo);

        Assert.True(experiment.AllRows[0].Answer(Rows.First, 4));
        Assert.True(experiment.AllRows[1].Answer(Rows.First, 4));
    }

    [Fact]
    public void People_who_share_the_work_are_one_annotator()
    {
        Answer[] shared =
        [
            .. Rows.Answers("a", 0, "Ana", (Rows.First, "0111")),
            .. Rows.Answers("a", 0, "Ben", (Rows.First, "0000"), (Rows.Second, "0011")),
            .. Rows.Answers("b", 0, "Ben", (Rows.First, "1111"), (Rows.Second, "1111")),
            .. Rows.Answers("c", 0, "robot@0123abcd", (Rows.First, "1111"), (Rows.Second, "1111")),
        ];

        AnsweredExperiment experiment = AnsweredExperiment.Of(Small.Spec, "m", null, shared);

        Assert.Equal(["a", "b"], experiment.Rows.Select(row => row.Prompt));
        Assert.True(experiment.Rows[0].Answer(Rows.First, 4));
        Assert.All(experiment.Rows, row => Assert.True(row.Has(Rows.First) && row.Has(Rows.Second)));
        Assert.Equal(["a", "b", "c"], experiment.AllRows.Select(row => row.Prompt));
    }

    [Fact]
    public void Answers_to_other_experiments_are_refused() =>
        Assert.Contains(
            "small",
            Assert
                .Throws<BadInputException>(() => AnsweredExperiment.Of(Small.Spec, "paper", null, [ByTwo[0] with { Condition = "other" }]))
                .Message,
            StringComparison.Ordinal);
}
