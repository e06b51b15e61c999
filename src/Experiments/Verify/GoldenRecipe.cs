using System.Text.Json.Serialization;

namespace Experiments.Verify;

/// <summary>What a golden run computes, in float64.</summary>
/// <param name="Prompts">Each at every layer.</param>
/// <param name="Seed">The noise. It is one whose draws all lie clear of the noise grid's rounding edges.</param>
/// <param name="NoiseGrid">The noise is rounded to multiples of this: torch's normal draws differ in their last bits between
/// processors.</param>
/// <param name="Steps">Steps of the default sampler.</param>
/// <param name="Guidance">Classifier-free guidance.</param>
/// <param name="Timestep">Where the denoiser's prediction is taken, 0..1000.</param>
/// <param name="Sites">Of <see cref="GoldenSites.Names"/> those whose conditionings are there too; null: none.</param>
internal sealed record GoldenRecipe(
    IReadOnlyList<string> Prompts,
    ulong Seed,
    double NoiseGrid = 0.125,
    int Steps = 4,
    double Guidance = 4,
    double Timestep = 500,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Sites = null);
