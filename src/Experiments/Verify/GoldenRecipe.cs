using System.Text.Json.Serialization;

namespace Experiments.Verify;

/// <summary>What a golden run computes, in float64.</summary>
/// <param name="Prompts">Each at every layer.</param>
/// <param name="Seed">The noise. It is one whose draws all lie clear of the noise grid's rounding edges.</param>
/// <param name="NoiseGrid">The noise is rounded to multiples of this: torch's normal draws differ in their last bits between
/// processors.</param>
/// <param name="Steps">Steps of the model's own sampler, or of the paper's where it takes any.</param>
/// <param name="Guidance">The scale of guidance; 0: the model takes none.</param>
/// <param name="Timestep">Where the denoiser's prediction is taken, 0..1000.</param>
/// <param name="Sites">Of <see cref="GoldenSites.Names"/> those whose conditionings are there too; null: none.</param>
/// <param name="Height">Of the images, in pixels; null: as the model's pipeline makes them.</param>
/// <param name="Width">Likewise.</param>
/// <param name="MaxSequenceLength">How many tokens of a prompt are read; null: as many as the model's pipeline takes.</param>
internal sealed record GoldenRecipe(
    IReadOnlyList<string> Prompts,
    ulong Seed,
    double NoiseGrid = 0.125,
    int Steps = 4,
    double Guidance = 4,
    double Timestep = 500,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Sites = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Height = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Width = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxSequenceLength = null);
