namespace Training.Evaluation;

/// <summary>A line of the tables in the model cards.</summary>
/// <param name="Name">What was asked or prompted.</param>
/// <param name="Right">How often it was answered, or shown, rightly.</param>
/// <param name="Asked">How often in all.</param>
internal sealed record EvaluationRow(string Name, int Right, int Asked);
