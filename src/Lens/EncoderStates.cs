using DiffusionLens.Tokenizers;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>What one text encoder computed of one text.</summary>
/// <param name="Tokens">The text as the encoder reads it.</param>
/// <param name="States">
/// h^0 (the embeddings) ... h^L (the last block's output), all before any final norm, each <c>[1, T, width]</c>, padding included.
/// </param>
public sealed record EncoderStates(TokenizedPrompt Tokens, IReadOnlyList<Tensor> States)
{
    /// <summary>L: the number of blocks, one less than the number of states.</summary>
    public int LayerCount => States.Count - 1;
}
