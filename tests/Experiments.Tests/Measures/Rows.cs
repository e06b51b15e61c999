using Experiments.Answers;
using Experiments.Measures;
using Experiments.Specs;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Measures;

/// <summary>Rows by hand: a text of <c>1</c>, <c>0</c> and <c>-</c> (no answer) for each question, a letter a layer.</summary>
internal static class Rows
{
    public const string First = "first", Second = "second";

    public static readonly IReadOnlyList<int> Layers = [0, 4, 8, 12];

    public static readonly ConditionSpec Condition =
        SmallPlan.Plan.Spec.Conditions[0] with { Name = "two", Right = new AnswerRule(All: true, [First, Second]) };

    public static AnsweredRow Row(string prompt, ulong seed, params (string Question, string Answers)[] questions) =>
        AnsweredRow.From(Answers(prompt, seed, "eye", questions)).Single();

    public static IEnumerable<Answer> Answers(
        string prompt,
        ulong seed,
        string annotator,
        params (string Question, string Answers)[] questions
    ) =>
        from question in questions
        from i in Enumerable.Range(0, question.Answers.Length)
        where question.Answers[i] != '-'
        select new Answer
        {
            PromptNumber = 0,
            Condition = Condition.Name,
            Prompt = prompt,
            Seed = seed,
            Layer = Layers[i],
            Question = question.Question,
            Yes = question.Answers[i] == '1',
            Annotator = annotator,
        };
}
