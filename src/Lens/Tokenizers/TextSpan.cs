namespace DiffusionLens.Tokenizers;

/// <summary>A stretch of a text, in UTF-16 units.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it has ended; the start again: it lies between two characters.</param>
internal readonly record struct TextSpan(int Start, int End);
