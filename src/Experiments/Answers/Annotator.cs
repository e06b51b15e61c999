using Experiments.Plans;

namespace Experiments.Answers;

/// <summary>Someone to ask about pictures.</summary>
/// <param name="Name">Its name in <c>answers.csv</c>.</param>
/// <param name="Score">Takes picture files and questions about the prompt that they were all made of; gives, for each question, a
/// score for each picture from 0 (no) to 1 (yes).</param>
public sealed record Annotator(
    string Name,
    Func<IReadOnlyList<string>, IReadOnlyList<PlannedQuestion>, IReadOnlyList<IReadOnlyList<double>>> Score);
