using Experiments.Answers;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>Two annotators' answers to one question, side by side.</summary>
internal static class AnnotatorPair
{
    /// <summary>
    /// Compares the first two annotators of an experiment. As in the paper's Table 2, rows enter whose last layer the second one says
    /// yes to, in all questions of a choice, and whose layers the first one answered all.
    /// </summary>
    /// <param name="question">The question to compare.</param>
    /// <param name="among">The questions that the second annotator must say yes to in the last layer.</param>
    /// <returns>The agreement; null where there are no two annotators of that question.</returns>
    public static Agreement? Compare(AnsweredExperiment experiment, ConditionSpec condition, string question, IReadOnlyList<string> among)
    {
        Answer[] answers = [.. experiment.Answers.Where(answer => answer.Condition == condition.Name)];
        string[] annotators = [.. answers.Where(answer => answer.Question == question).Select(answer => answer.Annotator).Distinct()];
        if (annotators.Length < 2)
        {
            return null;
        }

        IReadOnlyList<AnsweredRow> first = AnsweredRow.From(answers.Where(answer => answer.Annotator == annotators[0]));
        Dictionary<(string, ulong, int?), AnsweredRow> second = AnsweredRow.From(answers.Where(answer => answer.Annotator == annotators[1]))
            .ToDictionary(row => (row.Prompt, row.Seed, row.Token));
        return Agreement.Of(
            from row in first
            let other = second.GetValueOrDefault((row.Prompt, row.Seed, row.Token))
            where other is not null && among.All(name => other.Answer(name, experiment.LastLayer) == true)
            where experiment.Layers.All(layer => row.Answer(question, layer) is not null)
            from layer in experiment.Layers
            let answer = other.Answer(question, layer)
            where answer is not null
            select (row.Answer(question, layer) == true, answer == true));
    }
}
