using DiffusionLens.Families;
using DiffusionLens.Tokenizers;

namespace DiffusionLens;

/// <summary>What the rows of a read are of, in their order.</summary>
/// <param name="Positions">Each row's position in the encoder's sequence, from 0.</param>
/// <param name="Written">Whether it was written (the tokenizer's mask): the end token is, padding is not.</param>
/// <param name="Padding">Whether it is one of <see cref="SiteTokens.Padding"/> of an encoder that is looked into.</param>
public sealed record ReadRows(IReadOnlyList<int> Positions, IReadOnlyList<bool> Written, IReadOnlyList<bool> Padding)
{
    /// <summary>Some of the rows, in their order.</summary>
    internal ReadRows Only(IReadOnlyList<int> rows) => new(
        [.. rows.Select(row => Positions[row])], [.. rows.Select(row => Written[row])], [.. rows.Select(row => Padding[row])]);

    /// <summary>The rows of a text that a model itself reads; none of them is one that is looked into.</summary>
    internal static ReadRows Of(TokenizedPrompt tokens, EncoderRead read)
        => Of(tokens, [.. read.PositionsIn(tokens)], []);

    /// <summary>The rows of some positions.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="positions">Which are read.</param>
    /// <param name="padding">Which are padding of an encoder that is looked into.</param>
    internal static ReadRows Of(TokenizedPrompt tokens, IReadOnlyList<int> positions, IReadOnlyCollection<int> padding)
        => new(positions, [.. positions.Select(at => tokens.Mask[at] == 1)], [.. positions.Select(padding.Contains)]);
}
