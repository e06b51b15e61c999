namespace DiffusionLens;

/// <summary>Which image: what tells it apart from all others of the same model and settings.</summary>
/// <param name="Prompt">The text.</param>
/// <param name="Site">Where the lens looks.</param>
/// <param name="Seed">The noise that it starts from, any of torch's seeds.</param>
public sealed record ImageKey(string Prompt, LensSite Site, ulong Seed)
{
    /// <summary>What is done to the text's masks, length and padding.</summary>
    public TextHandling Handling { get; init; } = TextHandling.Native;
}
