namespace Experiments.Answers;

/// <summary>What the stage did.</summary>
/// <param name="Answers">Every answer to what the plan asks, prompt after prompt; those of each question in the annotators' order.</param>
/// <param name="Kept">Planned answers that were there before, each annotator's counted.</param>
/// <param name="Asked">Answers that annotators gave now.</param>
/// <param name="Missing">Planned answers that nobody gave: they are the lines of <c>questions.csv</c>, to be filled in.</param>
/// <param name="Notes">What the user should know of lines that could not be taken as they are.</param>
internal sealed record AnsweringOutcome(IReadOnlyList<Answer> Answers, int Kept, int Asked, int Missing, IReadOnlyList<string> Notes);
