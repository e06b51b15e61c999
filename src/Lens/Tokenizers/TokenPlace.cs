namespace DiffusionLens.Tokenizers;

/// <summary>What one position of a tokenized prompt is.</summary>
/// <param name="Role">What it is there for.</param>
/// <param name="Span">The characters of the prompt, as it was given, that it stands for; null: it was not in the prompt.</param>
internal readonly record struct TokenPlace(TokenRole Role, TextSpan? Span);
