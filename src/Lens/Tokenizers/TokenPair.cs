namespace DiffusionLens.Tokenizers;

/// <summary>That one position shows the state that another prompt has at a position.</summary>
/// <param name="Position">In the prompt, from 0.</param>
/// <param name="Source">In the prompt whose state is shown, from 0.</param>
internal readonly record struct TokenPair(int Position, int Source);
