namespace DiffusionLens.Tokenizers;

/// <summary>That a prompt has more tokens than its text encoder reads, so that its end is cut off.</summary>
/// <param name="Read">How many of the text's tokens are read, start and end token not counted.</param>
/// <param name="All">How many the text has.</param>
/// <param name="Unread">The text that is not read, as the tokenizer spells it (CLIP's in lower case).</param>
public sealed record PromptCut(int Read, int All, string Unread);
