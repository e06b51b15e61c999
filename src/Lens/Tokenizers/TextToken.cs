namespace DiffusionLens.Tokenizers;

/// <summary>A token of a text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Span">The characters that it stands for, of the text as it was given.</param>
internal readonly record struct TextToken(int Id, TextSpan Span);
