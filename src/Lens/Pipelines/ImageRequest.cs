namespace DiffusionLens.Pipelines;

/// <summary>One picture to make.</summary>
/// <param name="Conditioning">The text it is made from; the same object for all pictures of the same text.</param>
/// <param name="Seed">Its noise, 0 or more.</param>
public sealed record ImageRequest(TextConditioning Conditioning, long Seed);
