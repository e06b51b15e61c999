namespace DiffusionLens.Tokenizers;

/// <summary>A piece of a unigram vocabulary.</summary>
/// <param name="Text">In which <c>▁</c> stands for a space.</param>
/// <param name="Score">Logarithm of its probability.</param>
/// <param name="IsText">Whether it stands for text; not so SentencePiece's own marks, such as the end of a text.</param>
internal readonly record struct UnigramPiece(string Text, double Score, bool IsText = true);
