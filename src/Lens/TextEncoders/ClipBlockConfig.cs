namespace DiffusionLens.TextEncoders;

/// <summary>The sizes of a <see cref="ClipEncoderLayer"/>.</summary>
/// <param name="Width">Of the states.</param>
/// <param name="InnerWidth">Inside the MLP.</param>
/// <param name="HeadCount">Attention heads.</param>
/// <param name="Activation">The MLP's, as configs name it.</param>
/// <param name="NormEpsilon">Of the layer norms.</param>
/// <param name="IsCausal">Whether position t sees positions 0..t alone, as in a text.</param>
internal sealed record ClipBlockConfig(int Width, int InnerWidth, int HeadCount, string Activation, double NormEpsilon, bool IsCausal);
