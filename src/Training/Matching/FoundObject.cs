namespace Training.Matching;

/// <summary>Where an image looks most like an object's drawing.</summary>
/// <param name="Score">How much, as a correlation: 1 is the drawing itself.</param>
/// <param name="Pixels">What it covers there, as rows × 64 + columns.</param>
internal sealed record FoundObject(double Score, int[] Pixels);
