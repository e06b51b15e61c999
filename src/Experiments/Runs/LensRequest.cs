using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Runs;

/// <summary>What <c>lens</c> was asked for.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Negative">What to move away from.</param>
/// <param name="Model">Which model.</param>
/// <param name="Sampler">How to sample.</param>
/// <param name="Size">Height and width, or null for the model's own.</param>
/// <param name="Layers">The layers; null: a sixth of the depth apart, as in the experiments.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="FinalNorm">Whether ln_f is applied.</param>
/// <param name="Out">The image to write; null: named after the prompt.</param>
/// <param name="Dump">The safetensors file to write, or null.</param>
internal sealed record LensRequest(
    string Prompt,
    string Negative,
    ModelRequest Model,
    SamplerRequest Sampler,
    (int? Height, int? Width) Size,
    LayerChoice? Layers,
    IReadOnlyList<int> Seeds,
    bool FinalNorm,
    string? Out,
    string? Dump);
