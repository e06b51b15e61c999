namespace Experiments.Answers;

/// <summary>What the stage did.</summary>
/// <param name="Kept">Planned answers that were there before.</param>
/// <param name="Asked">Answers that the annotator gave now.</param>
/// <param name="Missing">Planned answers that nobody gave: they are the lines of <c>questions.csv</c>, to be filled in.</param>
public sealed record AnsweringOutcome(int Kept, int Asked, int Missing);
