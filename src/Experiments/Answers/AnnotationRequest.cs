using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Answers;

/// <summary>Questions about images.</summary>
/// <param name="Folder">The results folder, with the images in it.</param>
/// <param name="Questions">The questions of the plan; of <see cref="ByPrompt"/>, those about the prompt.</param>
/// <param name="Open">What is to be answered, in the plan's order, without <see cref="Answer.Yes"/>.</param>
internal sealed record AnnotationRequest(ResultsFolder Folder, IReadOnlyList<PlannedQuestion> Questions, IReadOnlyList<Answer> Open)
{
    /// <summary>Told what the user should know while it goes on, a line each.</summary>
    public Action<string> Tell { get; init; } = _ => { };

    /// <summary>The same, a request for each prompt, for those that look at all images of a prompt at once.</summary>
    public IEnumerable<AnnotationRequest> ByPrompt()
    {
        ILookup<int, PlannedQuestion> questions = Questions.ToLookup(question => question.Prompt.Number);
        return Open.GroupBy(answer => answer.PromptNumber)
            .Select(prompt => this with { Questions = [.. questions[prompt.Key]], Open = [.. prompt] });
    }
}
