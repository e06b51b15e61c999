using Experiments.Models;

namespace Experiments.Paper;

/// <summary>What <c>paper</c> was asked for.</summary>
/// <param name="Models">Models to run, and imported ones to draw.</param>
/// <param name="Device">Where to run them.</param>
/// <param name="DType">In which type.</param>
/// <param name="Variant">Which weights are taken where a folder has several, or null.</param>
/// <param name="Sampler">How to sample.</param>
/// <param name="Limits">Which part of each experiment.</param>
/// <param name="Release">The authors' release to import first, or null.</param>
/// <param name="Results">The folder of results.</param>
internal sealed record PaperRequest(
    IReadOnlyList<string> Models, string Device, string DType, string? Variant, SamplerRequest Sampler, Plans.PlanLimits Limits, string? Release, string Results);
