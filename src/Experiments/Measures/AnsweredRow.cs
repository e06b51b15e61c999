using Experiments.Answers;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// What the paper counts: one prompt with one seed, seen through every layer. Each layer has its own picture of it, and its own answers.
/// </summary>
public sealed class AnsweredRow
{
    private readonly Dictionary<(int Layer, string Question), bool?> _answers;

    private AnsweredRow(string condition, string prompt, int seed, IEnumerable<Answer> answers)
    {
        (Condition, Prompt, Seed) = (condition, prompt, seed);
        _answers = answers.ToDictionary(answer => (answer.Layer, answer.Question), answer => answer.Yes);
    }

    /// <summary>The prompt's condition.</summary>
    public string Condition { get; }

    /// <summary>The prompt.</summary>
    public string Prompt { get; }

    /// <summary>The seed.</summary>
    public int Seed { get; }

    /// <summary>Sorts answers into rows.</summary>
    /// <param name="answers">Answers, at most one to each question about a picture.</param>
    /// <returns>The rows, in the order of their first answers.</returns>
    public static IReadOnlyList<AnsweredRow> From(IEnumerable<Answer> answers) =>
    [
        .. answers
            .GroupBy(answer => (answer.Condition, answer.Prompt, answer.Seed))
            .Select(row => new AnsweredRow(row.Key.Condition, row.Key.Prompt, row.Key.Seed, row)),
    ];

    /// <summary>Whether a rule holds for the picture of one layer.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="layer">The layer.</param>
    /// <returns>Yes or no, or null where missing answers could decide it.</returns>
    public bool? Holds(AnswerRule rule, int layer) => rule.Holds(question => _answers.GetValueOrDefault((layer, question)));
}
