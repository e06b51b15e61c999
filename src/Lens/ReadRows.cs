namespace DiffusionLens;

/// <summary>What the rows of a read are of, in their order.</summary>
/// <param name="Positions">Each row's position in the encoder's sequence, from 0.</param>
/// <param name="Written">Whether it was written (the tokenizer's mask): the end token is, padding is not.</param>
/// <param name="Padding">Whether it is one of <see cref="SiteTokens.Padding"/> of an encoder that is looked into.</param>
public sealed record ReadRows(IReadOnlyList<int> Positions, IReadOnlyList<bool> Written, IReadOnlyList<bool> Padding);
