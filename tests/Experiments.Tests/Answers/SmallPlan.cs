using Experiments.Answers;
using Experiments.Plans;
using Experiments.Specs;
using MiniWorld;

namespace Experiments.Tests.Answers;

/// <summary>A plan small enough to count by hand: two conditions of two prompts each, layers 0, 2 and 4, seeds 0 and 1.</summary>
internal static class SmallPlan
{
    public const string Object = "object", TwoColors = "two colors";
    public const string HasObject = "has object", HasOther = "has object'";

    public static readonly AnswerRule RightObject = new(All: true, [HasObject]);
    public static readonly AnswerRule Both = new(All: true, [HasObject, HasOther]);
    public static readonly AnswerRule Either = new(All: false, [HasObject, HasOther]);

    public static Plan Plan { get; } = Make(
        [0, 2, 4],
        new FigureSpec(
            "fig-3",
            "The simpler, the earlier",
            RowChoice.RightInTheLastLayer,
            [
                new CurveSpec("An object", [new MeasuredCondition(Object, RightObject)]),
                new CurveSpec("Two colored objects", [new MeasuredCondition(TwoColors, Both)]),
            ]),
        new FigureSpec(
            "fig-5",
            "Bag of concepts",
            RowChoice.RightInTheLastLayer,
            [new CurveSpec("Either object", [new MeasuredCondition(TwoColors, Either)])]));

    public static Plan Make(IReadOnlyList<int> layers, params FigureSpec[] figures)
    {
        PlannedPrompt[] prompts =
        [
            Prompt(0, Object, "a cow"),
            Prompt(1, Object, "an apple, \"red\""),
            Prompt(2, TwoColors, "a pink snail and an orange donut"),
            Prompt(3, TwoColors, "a blue <b>car</b> and a green star"),
        ];
        Spec spec = new()
        {
            Name = "colors",
            Path = "experiments/colors.yaml",
            Sha256 = new string('0', 64),
            Title = "Objects and their colors",
            Layers = new LayerChoice.All(default),
            Seeds = [0, 1],
            Conditions = [Condition(Object, RightObject), Condition(TwoColors, Both)],
            Questions = [],
            Figures = figures,
        };
        return new Plan(spec, prompts, layers, LastLayer: 4, [0, 1],
        [
            .. prompts.Select(prompt =>
                new PlannedQuestion(HasObject, prompt, "Is the first thing there?", new Question.ThingPresent("cow"))),
            .. prompts.Where(prompt => prompt.Condition == TwoColors).Select(prompt =>
                new PlannedQuestion(HasOther, prompt, "Is the second thing there?", new Question.ThingPresent("donut"))),
        ]);
    }

    /// <summary>Answers to all that a plan asks: yes from the layer on that <paramref name="firstYes"/> gives, null for never.</summary>
    public static IReadOnlyList<Answer> Answers(Plan plan, Func<Answer, int?> firstYes) =>
    [
        .. Asked(plan).Select(answer => answer with { Yes = answer.Layer >= firstYes(answer), Annotator = "eye" }),
    ];

    /// <summary>All that a plan asks, unanswered.</summary>
    public static IEnumerable<Answer> Asked(Plan plan) =>
        from image in plan.Images
        from question in plan.Questions
        where question.Prompt == image.Prompt
        select AnsweringStage.Blank(image, question);

    private static PlannedPrompt Prompt(int number, string condition, string text) => new()
    {
        Number = number,
        Condition = condition,
        Text = text,
        Folder = $"{condition.Replace(' ', '-')}/{number:000}",
        Words = new Dictionary<string, string>(),
    };

    private static ConditionSpec Condition(string name, AnswerRule right) =>
        new(
            name,
            new PromptSource.FromTemplate(new Template("", []), [], new Dictionary<Slot, (string, SourceLocation)>()),
            Sample: 2,
            right,
            new SourceLocation("colors.yaml", 1, 1));
}
