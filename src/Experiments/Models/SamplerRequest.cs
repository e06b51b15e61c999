using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using Experiments.Specs;

namespace Experiments.Models;

/// <summary>How to sample, as far as the command line says; it comes before what a spec or a model says.</summary>
/// <param name="Scheduler">One of <see cref="SamplerSpec.Schedulers"/>, or null.</param>
/// <param name="Steps">Denoising steps, 1 to 1000, or null.</param>
/// <param name="Guidance">Scale of classifier-free guidance, 0 to 100, or null.</param>
/// <param name="LastStage">The stage at which a cascade stops, 1 or 2; null: the last that it has.</param>
/// <param name="SchedulerConfig">What is set beside the model's scheduler config, <c>key=value</c> each; null: nothing.</param>
/// <param name="ResolutionBinning">Whether images are drawn at a size of the pipeline's table, or null.</param>
internal sealed record SamplerRequest(
    string? Scheduler,
    int? Steps,
    double? Guidance,
    int? LastStage = null,
    IReadOnlyList<string>? SchedulerConfig = null,
    bool? ResolutionBinning = null)
{
    private const int DefaultSteps = 20;

    /// <summary>Fills in what was left open.</summary>
    /// <param name="spec">What the experiment says.</param>
    /// <param name="model">The model, which says what suits it.</param>
    /// <returns>The same with scheduler, steps and guidance given; height and width may stay open where the model says none.</returns>
    /// <exception cref="BadInputException">The model lacks the stage, or cannot be sampled so.</exception>
    public SamplerSpec Over(SamplerSpec spec, ModelInfo model)
    {
        if (LastStage is int stage && (stage > model.Description.StageCount || !model.Description.HasStages))
        {
            throw new BadInputException($"--stage {stage}: {model.Name} {Having(model)}");
        }

        // A model that other samplers do not serve: nothing but the size of the images is the experiment's.
        OwnSampler? own = model.Description.OwnSampler;
        SamplerSpec wanted = own is null ? spec
            : spec with { Scheduler = own.Scheduler, SchedulerConfig = null, Steps = own.Steps, Guidance = null };
        SuperResolutionSettings? enlarging = LastStage == 1 ? null : model.SuperResolution;
        SamplerSpec chosen = wanted with
        {
            Scheduler = Scheduler ?? wanted.Scheduler ?? model.OwnScheduler(stages: enlarging is null ? 1 : 2),
            SchedulerConfig = ConfigOver(wanted),
            Steps = Steps ?? wanted.Steps ?? DefaultSteps,
            Guidance = Guidance ?? wanted.Guidance ?? model.Guidance,
            Height = wanted.Height ?? model.Height,
            Width = wanted.Width ?? model.Width,
            SuperResolution = enlarging,
            ResolutionBinning = (ResolutionBinning ?? wanted.ResolutionBinning) == true ? true : null,
        };
        model.Description.Require(new SamplerSettings
        {
            Scheduler = chosen.CommonScheduler,
            SchedulerOptions = SchedulerOptions.Of(chosen.SchedulerConfig),
            Guidance = chosen.Guidance!.Value,
            ResolutionBinning = chosen.ResolutionBinning == true,
        });
        return chosen;
    }

    // The config of an experiment is that of its own sampler, so another sampler leaves it out.
    private string? ConfigOver(SamplerSpec spec)
    {
        bool isOwn = Scheduler is null || Scheduler == spec.Scheduler;
        SchedulerOptions own = SchedulerOptions.Of(isOwn ? spec.SchedulerConfig : null);
        SchedulerOptions all = SchedulerOptions.Parse(SchedulerConfig ?? []).Over(own);
        return all.Keys.Count == 0 ? null : all.ToString();
    }

    private static string Having(ModelInfo model) =>
        model.Description.HasStages ? "is a stage 1 alone; give stage 2's folder after it, as in --model STAGE_I,STAGE_II"
            : "makes its images in one go; leave --stage out";
}
