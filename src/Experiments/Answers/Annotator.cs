using Experiments.Plans;

namespace Experiments.Answers;

/// <summary>Someone to ask about images.</summary>
/// <param name="Name">Its name in <c>answers.csv</c>.</param>
/// <param name="Score">Takes image files and questions about the prompt that they were all made of; gives, for each question, a
/// score for each image from 0 (no) to 1 (yes).</param>
public sealed record Annotator(
    string Name,
    Func<IReadOnlyList<string>, IReadOnlyList<PlannedQuestion>, IReadOnlyList<IReadOnlyList<double>>> Score);
