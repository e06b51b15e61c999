using Experiments.Answers;
using Experiments.Measures;
using Experiments.Specs;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Measures;

/// <summary>Answers by hand to one question of two conditions that share their prompts: a letter a prompt, layers 0 and 12.</summary>
internal static class ComparedRows
{
    public const string Without = "without", With = "with", Question = "there";

    public static readonly AnswerRule Rule = new(All: true, [Question]);

    public static readonly MeasuredCondition First = new(Without, Rule), Second = new(With, Rule);

    public static readonly DifferenceSpec Difference = new(First, Second, ComparedLayer.Last);

    public static readonly Spec OfBoth = SmallPlan.Plan.Spec with
    {
        Name = "compared",
        Conditions = [.. new[] { Without, With }.Select(name => SmallPlan.Plan.Spec.Conditions[0] with { Name = name, Right = Rule })],
        Questions = [],
        Figures = [],
    };

    public static AnsweredExperiment Experiment(params IEnumerable<Answer>[] answers) => Experiment(OfBoth, answers);

    public static AnsweredExperiment Experiment(Spec spec, params IEnumerable<Answer>[] answers) =>
        AnsweredExperiment.Of(spec, "small", 12, [.. answers.SelectMany(answer => answer)]);

    /// <summary>A letter a prompt: <c>1</c>, <c>0</c> or <c>-</c> for no answer.</summary>
    public static IEnumerable<Answer> Answered(string condition, string yes, ulong seed = 0, int layer = 12, int? token = null) =>
        from i in Enumerable.Range(0, yes.Length)
        where yes[i] != '-'
        select new Answer
        {
            PromptNumber = i,
            Condition = condition,
            Prompt = $"prompt {i}",
            Seed = seed,
            Layer = layer,
            Site = token is null ? $"layer-{layer:00}" : $"layer-{layer:00}_tokens-token-{token}_rest-empty-final",
            Question = Question,
            Yes = yes[i] == '1',
            Annotator = "eye",
        };
}
