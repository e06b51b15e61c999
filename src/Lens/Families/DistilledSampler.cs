using DiffusionLens.Configs;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;

namespace DiffusionLens.Families;

/// <summary>
/// Whether a model that predicts noise was distilled to few steps, as its scheduler's file tells: the Turbo models come with an Euler
/// sampler that begins at the very last training step, the consistency models with samplers of their own.
/// </summary>
internal static class DistilledSampler
{
    // As their authors have it: one step, and four.
    private const int TurboSteps = 1, ConsistencySteps = 4;

    /// <summary>The sampler that a folder's Stable Diffusion needs; null: it takes any, or its folder names none, which loading
    /// refuses.</summary>
    /// <exception cref="BadInputException">The scheduler's config is missing or damaged.</exception>
    public static OwnSampler? Of(ModelFolder folder)
    {
        const string Part = SchedulerConfig.Part;
        if (!folder.Has(Part))
        {
            return null;
        }

        ConfigReader config = new(folder.Config(Part), folder.ConfigPath(Part));
        return folder.ComponentClass(Part) switch
        {
            "EulerDiscreteScheduler" when IsTurbo(config) => new("euler", TurboSteps),
            "EulerAncestralDiscreteScheduler" when IsTurbo(config) => new("euler_ancestral", TurboSteps),
            _ => OfConsistency(folder),
        };
    }

    /// <summary>The same of a family that has no Turbo models.</summary>
    public static OwnSampler? OfConsistency(ModelFolder folder)
        => !folder.Has(SchedulerConfig.Part) ? null : folder.ComponentClass(SchedulerConfig.Part) switch
        {
            "LCMScheduler" => new("lcm", ConsistencySteps),
            "TCDScheduler" => new("tcd", ConsistencySteps),
            _ => null,
        };

    /// <summary>
    /// What is to be said of a sampler that a Turbo needs: nothing in the published files tells such a model from an ordinary one whose
    /// Euler was saved with trailing steps. Null of any other sampler.
    /// </summary>
    public static string? DoubtOf(OwnSampler? own) => own?.Steps != TurboSteps ? null
        : "taken for a Turbo, since its scheduler's timestep_spacing is trailing; if it is none, say so with --scheduler, --steps and "
            + "--guidance";

    /// <summary>Models that were trained down to no signal at all begin at the last step too, but they say that they were.</summary>
    private static bool IsTurbo(ConfigReader config)
        => config.Text("timestep_spacing", "") == "trailing"
            && config.Text("prediction_type", "epsilon") == "epsilon"
            && !config.Flag("rescale_betas_zero_snr", false);
}
