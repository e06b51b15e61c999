using DiffusionLens;
using Experiments.Plans;

namespace Experiments.Explorer;

/// <summary>A run that is to be looked at.</summary>
internal sealed record ExplorerRequest
{
    /// <summary>What was made.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The sampler in a few words.</summary>
    public required string Sampler { get; init; }

    /// <summary>What the plan was made from (<see cref="Results.RunManifest.PlannedFrom"/>); null where that is not known.</summary>
    public string? PlannedFrom { get; init; }

    /// <summary>How one image is made again.</summary>
    public required LensCommandLine Command { get; init; }

    /// <summary>The token that a site of a single one shows of a prompt, as people write it; empty where that is not known.</summary>
    public Func<LensSite, PlannedPrompt, string> PieceAt { get; init; } = (_, _) => "";
}
