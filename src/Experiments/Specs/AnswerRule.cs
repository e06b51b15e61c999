namespace Experiments.Specs;

/// <summary>A yes or no made from the answers about one image: yes to all of some questions, or to any of them.</summary>
/// <param name="All">True: all must be yes; false: one is enough.</param>
/// <param name="Questions">Names of questions that are asked of the condition it is used for; at least one.</param>
internal sealed record AnswerRule(bool All, IReadOnlyList<string> Questions)
{
    /// <summary>Applies the rule to one image.</summary>
    /// <param name="answer">The answer to a question by name; null where there is none.</param>
    /// <returns>Yes or no, or null where the missing answers could decide it.</returns>
    public bool? Holds(Func<string, bool?> answer)
    {
        bool?[] answers = [.. Questions.Select(answer)];
        return answers.Contains(!All) ? !All : answers.Contains(null) ? null : All;
    }

    /// <summary>Whether another rule asks the same questions in the same way.</summary>
    public bool SaysTheSameAs(AnswerRule other)
    {
        return (All == other.All || (Questions.Count == 1 && other.Questions.Count == 1))
            && Questions.ToHashSet().SetEquals(other.Questions);
    }
}
