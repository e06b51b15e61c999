using Experiments.Answers;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// What the paper counts: one prompt with one seed, seen through every layer. Each layer has its own image of it, and its own answers.
/// Where a condition shows one token after another, each token of the prompt is a row of its own.
/// </summary>
internal sealed class AnsweredRow
{
    /// <summary>
    /// The question that some annotators are asked instead of those under a condition's <c>right</c>: does the image show what its
    /// prompt says? Its answer goes before theirs.
    /// </summary>
    public const string AsAWhole = "right";

    private readonly Dictionary<(int Layer, string Question), bool?> _answers;

    private AnsweredRow(string condition, string prompt, ulong seed, int? token, IEnumerable<Answer> answers)
    {
        (Condition, Prompt, Seed, Token) = (condition, prompt, seed, token);
        _answers = answers.ToDictionary(answer => (answer.Layer, answer.Question), answer => answer.Yes);
    }

    /// <summary>The prompt's condition.</summary>
    public string Condition { get; }

    public string Prompt { get; }

    public ulong Seed { get; }

    /// <summary>The one position of the prompt that the row's images show, from 0; null where they show no single one.</summary>
    public int? Token { get; }

    /// <summary>Sorts answers into rows.</summary>
    /// <param name="answers">Answers, at most one to each question about an image.</param>
    /// <returns>The rows, in the order of their first answers.</returns>
    public static IReadOnlyList<AnsweredRow> From(IEnumerable<Answer> answers) =>
    [
        .. answers
            .GroupBy(answer => (answer.Condition, answer.Prompt, answer.Seed, answer.Token))
            .Select(row => new AnsweredRow(row.Key.Condition, row.Key.Prompt, row.Key.Seed, row.Key.Token, row)),
    ];

    /// <summary>Whether a rule holds for the image of one layer.</summary>
    /// <returns>Yes or no, or null where missing answers could decide it.</returns>
    public bool? Holds(AnswerRule rule, int layer) => rule.Holds(question => Answer(question, layer));

    /// <summary>Whether the image of one layer is right.</summary>
    /// <param name="condition">The row's condition.</param>
    /// <returns>Yes or no, or null where missing answers could decide it.</returns>
    public bool? IsRight(ConditionSpec condition, int layer)
    {
        return Answer(AsAWhole, layer) ?? Holds(condition.Right, layer);
    }

    /// <summary>Whether a rule holds, where the rule may be the one that makes an image right.</summary>
    /// <param name="condition">The row's condition.</param>
    /// <returns>Yes or no, or null where missing answers could decide it.</returns>
    public bool? Holds(ConditionSpec condition, AnswerRule rule, int layer)
    {
        return rule.SaysTheSameAs(condition.Right) ? IsRight(condition, layer) : Holds(rule, layer);
    }

    /// <summary>Whether what is measured is so in the image of one layer.</summary>
    /// <param name="condition">The row's condition.</param>
    /// <returns>Yes or no, or null where missing answers could decide it.</returns>
    public bool? Holds(ConditionSpec condition, MeasuredCondition measured, int layer) =>
        Holds(condition, measured.Rule, layer) is bool holds ? holds != measured.IsNegated : null;

    /// <summary>Whether a question has an answer at any layer.</summary>
    /// <param name="question">The question's name.</param>
    public bool Has(string question) => _answers.Any(answer => answer.Key.Question == question && answer.Value is not null);

    /// <summary>The answer to one question about the image of one layer; null where there is none.</summary>
    /// <param name="question">The question's name.</param>
    public bool? Answer(string question, int layer) => _answers.GetValueOrDefault((layer, question));
}
