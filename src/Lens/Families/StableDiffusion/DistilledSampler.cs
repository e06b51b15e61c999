using DiffusionLens.Configs;
using DiffusionLens.Weights;

namespace DiffusionLens.Families.StableDiffusion;

/// <summary>
/// Whether a Stable Diffusion was distilled to few steps, as its scheduler's file tells: the Turbo models come with an Euler sampler that
/// begins at the very last training step, the consistency models with samplers of their own.
/// </summary>
internal static class DistilledSampler
{
    // As their authors have it: one step, and four.
    private const int TurboSteps = 1, ConsistencySteps = 4;

    /// <summary>The sampler that a folder's model needs; null: it takes any, or its folder names none, which loading refuses.</summary>
    /// <exception cref="BadInputException">The scheduler's config is missing or damaged.</exception>
    public static OwnSampler? Of(ModelFolder folder)
    {
        const string Part = StableDiffusionParts.SchedulerPart;
        if (!folder.Has(Part))
        {
            return null;
        }

        ConfigReader config = new(folder.Config(Part), folder.ConfigPath(Part));
        return folder.ComponentClass(Part) switch
        {
            "EulerDiscreteScheduler" when IsTurbo(config) => new("euler", TurboSteps),
            "EulerAncestralDiscreteScheduler" when IsTurbo(config) => new("euler_ancestral", TurboSteps),
            "LCMScheduler" => new("lcm", ConsistencySteps),
            "TCDScheduler" => new("tcd", ConsistencySteps),
            _ => null,
        };
    }

    /// <summary>Models that were trained down to no signal at all begin at the last step too, but they say that they were.</summary>
    private static bool IsTurbo(ConfigReader config)
        => config.Text("timestep_spacing", "") == "trailing"
            && config.Text("prediction_type", "epsilon") == "epsilon"
            && !config.Flag("rescale_betas_zero_snr", false);
}
