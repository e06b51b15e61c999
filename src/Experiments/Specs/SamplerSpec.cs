namespace Experiments.Specs;

/// <summary>How pictures are sampled. What is null is left to the command line, then to the model.</summary>
/// <param name="Scheduler"><c>dpmsolver++</c>, <c>ddim</c>, <c>pndm</c> or <c>euler</c>.</param>
/// <param name="Steps">Denoising steps, 1 to 1000.</param>
/// <param name="Guidance">Scale of classifier-free guidance, 1 (none) to 100.</param>
/// <param name="Height">Height of a picture in pixels.</param>
/// <param name="Width">Width of a picture in pixels.</param>
public sealed record SamplerSpec(string? Scheduler = null, int? Steps = null, double? Guidance = null, int? Height = null, int? Width = null);
