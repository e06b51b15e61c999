using DiffusionLens.Families;

namespace DiffusionLens;

/// <summary>A text that a site needs of the encoders.</summary>
/// <param name="Text">Which, and how it is run.</param>
/// <param name="Reads">What is read of it.</param>
internal sealed record TextNeed(TextRun Text, IReadOnlyList<EncoderRead> Reads);
