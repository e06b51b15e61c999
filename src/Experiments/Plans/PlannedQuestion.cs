using MiniWorld;

namespace Experiments.Plans;

/// <summary>A question about the images of one prompt (all its layers and seeds).</summary>
/// <param name="Name">The question's name in the spec.</param>
/// <param name="Text">The question in words, for people.</param>
/// <param name="Query">The question for a recognizer; null where the spec does not say what it looks for.</param>
internal sealed record PlannedQuestion(string Name, PlannedPrompt Prompt, string Text, Question? Query);
