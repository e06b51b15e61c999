using System.Globalization;

namespace Experiments.Plans;

/// <summary>An image that must exist when the experiment is done.</summary>
/// <param name="Prompt">Its prompt.</param>
/// <param name="Layer">The layer it is seen through, 0 to L.</param>
/// <param name="Seed">The seed of its noise.</param>
public sealed record PlannedImage(PlannedPrompt Prompt, int Layer, int Seed)
{
    /// <summary>Its file below the results folder, with forward slashes.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"images/{Prompt.Folder}/layer-{Layer:00}_seed-{Seed}.png");
}
