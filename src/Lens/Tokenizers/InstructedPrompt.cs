namespace DiffusionLens.Tokenizers;

/// <summary>A prompt with what an encoder reads of it, of which not all is kept.</summary>
/// <param name="Ids">All that the encoder reads, padding included.</param>
/// <param name="Mask">1 for what was written, 0 for padding, as long.</param>
/// <param name="Columns">Which of them are kept.</param>
/// <param name="Kept">These.</param>
internal sealed record InstructedPrompt(
    IReadOnlyList<int> Ids, IReadOnlyList<int> Mask, IReadOnlyList<int> Columns, TokenizedPrompt Kept);
