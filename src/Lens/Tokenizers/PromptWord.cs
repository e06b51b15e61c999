namespace DiffusionLens.Tokenizers;

/// <summary>One of the words of a prompt, which is cut at white space.</summary>
/// <param name="Text">As it is written, punctuation that it touches included.</param>
/// <param name="Positions">
/// Those of its tokens, from 0, the white space before it included; none: the word is in a part that is cut off, or a token that it shares
/// with the word before it counts as that one's.
/// </param>
public sealed record PromptWord(string Text, IReadOnlyList<int> Positions);
