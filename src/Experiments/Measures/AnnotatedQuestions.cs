using Experiments.Answers;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>What several annotators said to the same questions.</summary>
/// <param name="Annotators">Their names, in the order in which they stand in <c>answers.csv</c>.</param>
/// <param name="Asked">Every question about an image that one of them answered.</param>
internal sealed record AnnotatedQuestions(IReadOnlyList<string> Annotators, IReadOnlyList<AnnotatedQuestion> Asked)
{
    /// <summary>Sorts the answers of an experiment.</summary>
    public static AnnotatedQuestions Of(AnsweredExperiment experiment)
    {
        string[] annotators = [.. experiment.Answers.Select(answer => answer.Annotator).Distinct()];
        Dictionary<string, int> places = annotators.Select((name, place) => (name, place)).ToDictionary();
        Dictionary<string, string> kinds = experiment.Spec.Questions.ToDictionary(question => question.Name, QuestionKind.Of);
        return new AnnotatedQuestions(
            annotators,
            [
                .. experiment.Answers.GroupBy(answer => answer.Key).Select(asked =>
                {
                    bool?[] by = new bool?[annotators.Length];
                    foreach (Answer answer in asked)
                    {
                        by[places[answer.Annotator]] = answer.Yes;
                    }

                    AnswerKey key = asked.Key;
                    return new AnnotatedQuestion(
                        kinds.GetValueOrDefault(key.Question, key.Question), $"{key.Condition}/{key.Prompt}", by);
                }),
            ]);
    }
}

/// <summary>A question about an image, with what annotators said.</summary>
/// <param name="Kind">The kind of question.</param>
/// <param name="Prompt">The image's prompt, with its condition.</param>
/// <param name="By">An annotator's answer at its place; null where it gave none.</param>
internal sealed record AnnotatedQuestion(string Kind, string Prompt, IReadOnlyList<bool?> By);
