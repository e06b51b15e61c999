namespace DiffusionLens.Tests.Tokenizers;

/// <summary>The reference's vocabularies of 692 pieces, in CLIP's own form.</summary>
internal static class SmallVocabulary
{
    public const int Start = 690;
    public const int End = 691;

    /// <param name="family"><c>sd1</c>, padded with the end token, or <c>sd2</c>, padded with <c>!</c>.</param>
    public static string Folder(string family) => Path.Combine(AppContext.BaseDirectory, "reference", family, "tokenizer");
}
