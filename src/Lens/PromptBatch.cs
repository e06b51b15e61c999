namespace DiffusionLens;

/// <summary>Images of one prompt that are computed together.</summary>
/// <param name="Encoding">The prompt.</param>
/// <param name="Images">Which; one of <see cref="Lens.Batches"/> where the same bits are wanted each time.</param>
public sealed record PromptBatch(PromptEncoding Encoding, IReadOnlyList<ImageKey> Images);
