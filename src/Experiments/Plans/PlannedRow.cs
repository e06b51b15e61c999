using DiffusionLens;

namespace Experiments.Plans;

/// <summary>A prompt with a seed, through one site of the prompt: at every layer an image, all from the same noise.</summary>
/// <param name="Site">Where the lens looks, but for the layer; one of the prompt's.</param>
/// <param name="Seed">The seed of the noise.</param>
internal sealed record PlannedRow(PlannedPrompt Prompt, LensSite Site, ulong Seed)
{
    /// <summary>The one token that its images show, as its position; null where they show a set or a word.</summary>
    public int? Token => Site.Tokens.Position;

    /// <summary>Its image at a layer.</summary>
    public PlannedImage At(int layer) => new(Prompt, Site.At(layer), Seed);
}
