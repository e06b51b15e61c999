using MiniWorld;

namespace Training.Recognition;

/// <summary>What is true of an image of a batch.</summary>
/// <param name="Image">Which.</param>
/// <param name="Question">What may be asked.</param>
/// <param name="Shown">The answer.</param>
internal sealed record Statement(int Image, Question Question, bool Shown);
