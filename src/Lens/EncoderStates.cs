using DiffusionLens.Tokenizers;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>What one text encoder computed of one text.</summary>
/// <param name="Tokens">The text as the encoder reads it.</param>
/// <param name="States">
/// h^0 (the embeddings) ... h^d, all before any final norm, each <c>[1, T, width]</c>, padding included. d is the deepest layer that the
/// model reads of this encoder, as a sequence or pooled, or that the images read for which it was encoded; blocks above it, which nothing
/// reads, are not computed. Of a run that looks at
/// another <see cref="EncoderRun.Point"/>, that vector of every block, after the embeddings; of one that is about another encoder, none.
/// </param>
public sealed record EncoderStates(TokenizedPrompt Tokens, IReadOnlyList<Tensor> States)
{
    /// <summary>d: how many blocks were computed, one less than the number of states.</summary>
    public int LayerCount => States.Count - 1;
}
