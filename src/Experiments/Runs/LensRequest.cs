using DiffusionLens;
using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Runs;

/// <summary>What <c>lens</c> was asked for.</summary>
internal sealed record LensRequest
{
    public required string Prompt { get; init; }

    /// <summary>What to move away from; null: there is no negative prompt.</summary>
    public required string? Negative { get; init; }

    public required ModelRequest Model { get; init; }

    /// <summary>How to sample.</summary>
    public required SamplerRequest Sampler { get; init; }

    /// <summary>Height in pixels; null: the model's own.</summary>
    public int? Height { get; init; }

    /// <summary>Width in pixels; null: the model's own.</summary>
    public int? Width { get; init; }

    /// <summary>The layers; null: a sixth of the depth apart, as in the experiments.</summary>
    public LayerChoice? Layers { get; init; }

    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Where to look, but for the layer.</summary>
    public required SiteRequest Where { get; init; }

    /// <summary>The same with what the model's notes say; the paper's lens until they are read.</summary>
    public LensSite Site { get; init; } = SiteSpec.Native.Parts;

    /// <summary>What to do to the prompt's masks, its length and its padding.</summary>
    public TextHandling Text { get; init; } = TextHandling.Native;

    /// <summary>The sheet to write; null: named after the prompt.</summary>
    public string? Out { get; init; }

    /// <summary>The animation to write, or null.</summary>
    public string? Animation { get; init; }

    /// <summary>The folder to write each image to as a file of its own, or null.</summary>
    public string? Images { get; init; }

    /// <summary>The safetensors file to write, or null.</summary>
    public string? Dump { get; init; }
}
