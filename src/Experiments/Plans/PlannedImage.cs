using System.Globalization;
using DiffusionLens;

namespace Experiments.Plans;

/// <summary>An image that must exist when the experiment is done.</summary>
/// <param name="Site">Where the lens looks.</param>
/// <param name="Seed">The seed of its noise.</param>
internal sealed record PlannedImage(PlannedPrompt Prompt, LensSite Site, ulong Seed)
{
    /// <summary>The layer it is seen through, 0 to L.</summary>
    public int Layer => Site.Layer;

    /// <summary>What the library calls it.</summary>
    public ImageKey Key => new(Prompt.Text, Site, Seed);

    /// <summary>Its file below the results folder, with forward slashes.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"images/{Prompt.Folder}/{Site.Key}_seed-{Seed}.png");
}
