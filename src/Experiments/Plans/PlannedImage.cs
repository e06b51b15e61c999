using System.Globalization;
using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Plans;

/// <summary>An image that must exist when the experiment is done.</summary>
/// <param name="Site">Where the lens looks.</param>
/// <param name="Seed">The seed of its noise.</param>
internal sealed record PlannedImage(PlannedPrompt Prompt, LensSite Site, ulong Seed)
{
    /// <summary>The layer it is seen through, 0 to L.</summary>
    public int Layer => Site.Layer;

    /// <summary>What the library calls it.</summary>
    public ImageKey Key => new(Prompt.Text, Site, Seed) { Handling = Prompt.Handling };

    /// <summary>The key of its site and of what is done to the prompt.</summary>
    public string SiteKey => SiteWords.Beside(Site.Key, Prompt.Handling);

    /// <summary>Its file below the results folder, with forward slashes.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"images/{Prompt.Folder}/{SiteKey}_seed-{Seed}.png");
}
