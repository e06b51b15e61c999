using DiffusionLens.Tokenizers;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Paper;

/// <summary>What <c>paper</c> was asked for.</summary>
internal sealed record PaperRequest
{
    /// <summary>Models to run, and imported ones to draw.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Where to run them.</summary>
    public required string Device { get; init; }

    public required string DType { get; init; }

    /// <summary>Which weights are taken where a folder has several, or null.</summary>
    public string? Variant { get; init; }

    /// <summary>What is done to prompts first.</summary>
    public TextCleaning Cleaning { get; init; }

    /// <summary>How to sample.</summary>
    public required SamplerRequest Sampler { get; init; }

    /// <summary>Which part of each experiment.</summary>
    public required PlanLimits Limits { get; init; }

    /// <summary>The authors' release to import first, or null.</summary>
    public string? Release { get; init; }

    /// <summary>The folder of results.</summary>
    public required ResultsRoot Results { get; init; }
}
