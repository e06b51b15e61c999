namespace DiffusionLens.Tokenizers;

/// <summary>What an encoder reads of a prompt where only some of it is kept.</summary>
/// <param name="Ids">All ids, padding included.</param>
/// <param name="Mask">1 for what was written, 0 for padding, as long.</param>
/// <param name="Columns">Which of them are kept, in their order.</param>
internal sealed record EncodedRow(IReadOnlyList<int> Ids, IReadOnlyList<int> Mask, IReadOnlyList<int> Columns);
