using DiffusionLens.Tokenizers;

namespace DiffusionLens.Families;

/// <summary>What a denoiser reads of a text encoder: a sequence of states, or the one vector that is pooled of it.</summary>
/// <param name="Encoder">Which encoder: its index in <see cref="ModelDescription.Encoders"/>.</param>
/// <param name="Layer">i: the state after block i, 0 (the embeddings) to the encoder's L.</param>
/// <param name="Normed">Whether it goes through the encoder's final norm.</param>
/// <param name="Positions">Which positions are read.</param>
public sealed record EncoderRead(int Encoder, int Layer, bool Normed, ReadPositions Positions)
{
    /// <summary>Which positions of a prompt are read, in their order; of a pooled read all, since its encoder pools.</summary>
    internal IEnumerable<int> PositionsIn(TokenizedPrompt tokens) => Positions switch
    {
        ReadPositions.Kept => tokens.Kept ?? throw new ArgumentException("Its pipeline keeps all positions.", nameof(tokens)),
        ReadPositions.Written => Enumerable.Range(0, tokens.Mask.Count).Where(position => tokens.Mask[position] == 1),
        _ => Enumerable.Range(0, tokens.Ids.Count),
    };
}

/// <summary>Which positions of an encoder's sequence a denoiser reads.</summary>
public enum ReadPositions
{
    /// <summary>All, padding included.</summary>
    All,

    /// <summary>What was written (<see cref="TokenizedPrompt.Mask"/>): padding is left out.</summary>
    Written,

    /// <summary>The one that the encoder sums its text up at, such as CLIP's end token; what is read is pooled of it.</summary>
    Pooled,

    /// <summary>
    /// Those that the pipeline keeps of what was encoded (<see cref="TokenizedPrompt.Kept"/>): the head of a template that
    /// was only to be seen by what follows it is not among them, nor is padding.
    /// </summary>
    Kept,
}
