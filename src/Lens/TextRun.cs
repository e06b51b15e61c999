namespace DiffusionLens;

/// <summary>What goes through the text encoders, and how.</summary>
/// <param name="Text">The text.</param>
/// <param name="Run">How.</param>
internal sealed record TextRun(string Text, EncoderRun Run);
