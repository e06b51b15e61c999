using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>What one attention reads of the text: its keys and values, each <c>[B, heads, S, d]</c>.</summary>
internal readonly record struct TextKeyValue(Tensor Key, Tensor Value);
