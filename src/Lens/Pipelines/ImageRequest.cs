namespace DiffusionLens.Pipelines;

/// <summary>One image to make.</summary>
/// <param name="Key">Which image it is.</param>
/// <param name="Conditioning">The text it is made from; the same object for all images of the same text.</param>
/// <param name="Unconditional">The negative prompt, likewise.</param>
internal sealed record ImageRequest(ImageKey Key, TextConditioning Conditioning, TextConditioning Unconditional)
{
    public ulong Seed => Key.Seed;
}
