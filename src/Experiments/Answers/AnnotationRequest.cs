using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Answers;

/// <summary>Questions about the images of one prompt.</summary>
/// <param name="Folder">The results folder, with the images in it.</param>
/// <param name="Questions">The questions about the prompt.</param>
/// <param name="Open">What is to be answered: of some of these questions and some images, without <see cref="Answer.Yes"/>.</param>
internal sealed record AnnotationRequest(ResultsFolder Folder, IReadOnlyList<PlannedQuestion> Questions, IReadOnlyList<Answer> Open);
