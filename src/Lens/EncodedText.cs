using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>What a model's text encoders computed of one text.</summary>
/// <param name="Encoders">One for each of <see cref="Families.ModelDescription.Encoders"/>.</param>
/// <param name="Pooled">What the denoiser reads besides sequences, <c>[1, width]</c>; null where it reads no such thing.</param>
public sealed record EncodedText(IReadOnlyList<EncoderStates> Encoders, Tensor? Pooled = null);
