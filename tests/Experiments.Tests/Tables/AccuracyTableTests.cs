using Experiments.Answers;
using Experiments.Measures;
using Experiments.Specs;
using Experiments.Tables;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Tables;

public sealed class AccuracyTableTests
{
    private const string Robot = "robot@0123abcd";

    private static readonly CalibrationTable Known = new([new CalibrationRow(Robot, SmallPlan.HasObject, new Agreement(90, 10, 5, 95))]);

    [Fact]
    public void What_an_annotator_says_stands_beside_how_often_it_is_right_of_such_questions()
    {
        TableSheet table = AccuracyTable.Of(AnsweredKind.All([ByRobot()], [Known]));

        Assert.Equal(
            ["robot", "has object", "24", "50.0 % (12)", "92.5 % [88.0, 95.4]", "200", "90.0 % [82.6, 94.5]", "95.0 % [88.8, 97.8]"],
            table.Rows[0]);
        Assert.Equal(["robot", "has object'", "12", "50.0 % (6)", "–", "–", "–", "–"], table.Rows[1]);
        Assert.Contains("are not the images of this run", table.Note, StringComparison.Ordinal);
        Assert.Contains("Nobody has measured how often these err: robot (has object').", table.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_has_measured_anything_that_is_said_and_nothing_else()
    {
        TableSheet table = AccuracyTable.Of(AnsweredKind.All([ByRobot()], []));

        Assert.StartsWith(
            "Nobody has measured how often these err: robot (has object, has object').", table.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_measured_of_another_version_of_a_machine_is_not_known_of_this_one() => Assert.All(
        AnsweredKind.All([ByRobot("robot@ffffffff")], [Known]), said => Assert.Null(said.Errors));

    [Fact]
    public void A_figure_names_those_whose_answers_it_is_made_from()
    {
        AnsweredExperiment both = Experiment([.. Said(Robot), .. Said("eye")]);
        IReadOnlyList<AnsweredKind> all = AnsweredKind.All([both], [Known]);
        FigureSpec figure = both.Spec.Figures[0];

        Assert.Equal(
            "Answers by robot (measured accuracy: has object 92.5 % [88.0, 95.4], n = 200; not measured: has object').",
            AccuracyTable.Sentence(AnsweredKind.In(figure, both, all)));
        Assert.Equal(
            "Answers by eye (whose errors nobody has measured).",
            AccuracyTable.Sentence(AnsweredKind.In(figure with { Annotators = new AnnotatorChoice.By("eye", default) }, both, all)));
        Assert.Contains(
            "; eye (", AccuracyTable.Sentence(AnsweredKind.In(figure with { Annotators = new AnnotatorChoice.All() }, both, all)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void While_people_have_done_some_questions_a_figure_names_them_and_who_answered_the_others()
    {
        AnsweredExperiment half = AnsweredExperiment.Of(
            SmallPlan.Plan.Spec,
            "mini",
            SmallPlan.Plan.LastLayer,
            [.. Said("Ana").Where(answer => answer.Question == SmallPlan.HasObject), .. Said(Robot)]);
        FigureSpec figure = half.Spec.Figures[0];

        Assert.Equal($"Ana, {Robot}", AnsweredBy.Say(half, figure));
        Assert.Equal(
            "Answers by Ana (whose errors nobody has measured); robot (whose errors nobody has measured).",
            AccuracyTable.Sentence(AnsweredKind.In(figure, half, AnsweredKind.All([half], [Known]))));
        Assert.Equal("Ana", AnsweredBy.Say(half, figure with { Curves = [figure.Curves[0]] }));
    }

    private static AnsweredExperiment ByRobot(string name = Robot) => Experiment(Said(name));

    private static AnsweredExperiment Experiment(IEnumerable<Answer> answers) => AnsweredExperiment.Of(SmallPlan.Plan, answers);

    private static IEnumerable<Answer> Said(string name) =>
        SmallPlan.Answers(SmallPlan.Plan, answer => answer.Seed == 0 ? 0 : null).Select(answer => answer with { Annotator = name });
}
