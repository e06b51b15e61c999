using DiffusionLens;
using Experiments.Answers;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Tests.Measures;

public sealed class AnsweredExperimentTests
{
    private static readonly IReadOnlyList<Answer> ByTwo =
    [
        .. Rows.Answers("a", 0, "human", (Rows.First, "0111")),
        .. Rows.Answers("a", 0, "gpt", (Rows.First, "0000"), (Rows.Second, "0011")),
        .. Rows.Answers("b", 0, "gpt", (Rows.First, "1111"), (Rows.Second, "1111")),
    ];

    private static readonly AnnotatorChoice.By Robot = new("robot", new SourceLocation("my.yaml", 7, 18));

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
    public void Two_versions_of_a_machine_are_one_annotator_where_they_share_the_work()
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(Small.Spec, "m", null, ByVersions("b"));

        Assert.Equal(["a", "b"], experiment.RowsBy(Robot).Select(row => row.Prompt));
    }

    [Fact]
    public void Two_versions_of_a_machine_that_answered_the_same_are_told_apart_by_their_full_names()
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(Small.Spec, "m", null, ByVersions("a"));

        Assert.Equal(
            "my.yaml:7:18: 'robot' is robot@0123abcd and robot@4567abcd, who answered the same questions of small on m; "
                + "name one of them",
            Assert.Throws<BadInputException>(() => experiment.RowsBy(Robot)).Message);
        Assert.True(Assert.Single(experiment.RowsBy(Robot with { Name = "robot@4567abcd" })).Answer(Rows.First, 0));
    }

    private static Answer[] ByVersions(string promptOfTheSecond) =>
    [
        .. Rows.Answers("a", 0, "robot@0123abcd", (Rows.First, "0111")),
        .. Rows.Answers(promptOfTheSecond, 0, "robot@4567abcd", (Rows.First, "1111")),
    ];

    [Fact]
    public void Answers_to_other_experiments_are_refused() =>
        Assert.Contains(
            "small",
            Assert
                .Throws<BadInputException>(() => AnsweredExperiment.Of(Small.Spec, "paper", null, [ByTwo[0] with { Condition = "other" }]))
                .Message,
            StringComparison.Ordinal);
}
