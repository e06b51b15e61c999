using System.Text.Json.Serialization;
using DiffusionLens.Pipelines;

namespace Experiments.Specs;

/// <summary>How images are sampled. What is null is left to the command line, then to the model.</summary>
/// <param name="Scheduler">One of <see cref="Schedulers"/>.</param>
/// <param name="Steps">Denoising steps, 1 to 1000.</param>
/// <param name="Guidance">Scale of guidance, 0 or 1 (none) to 100.</param>
/// <param name="Height">Height of an image in pixels.</param>
/// <param name="Width">Width of an image in pixels.</param>
/// <param name="SuperResolution">How the second stage of a cascade enlarges; null: it is not run. No spec says it, a model does.</param>
internal sealed record SamplerSpec(
    string? Scheduler = null,
    int? Steps = null,
    double? Guidance = null,
    int? Height = null,
    int? Width = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SuperResolutionSettings? SuperResolution = null)
{
    /// <summary>The schedulers there are; the first is taken where nobody says.</summary>
    public static IReadOnlyList<string> Schedulers { get; } = 
        ["dpmsolver++", "ddim", "pndm", "euler", "ddpm", "flow_match_euler", "flow_match_heun"];
}
