namespace DiffusionLens.Pipelines;

/// <summary>One image to make.</summary>
/// <param name="Conditioning">The text it is made from; the same object for all images of the same text.</param>
/// <param name="Seed">Its noise, 0 or more.</param>
public sealed record ImageRequest(TextConditioning Conditioning, long Seed);
