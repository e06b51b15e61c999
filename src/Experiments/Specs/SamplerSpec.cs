using System.Text.Json.Serialization;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;

namespace Experiments.Specs;

/// <summary>How images are sampled. What is null is left to the command line, then to the model.</summary>
/// <param name="Scheduler">
/// One of <see cref="Schedulers"/>; once the model is known also several of them, where its stages' own differ.
/// </param>
/// <param name="Steps">Denoising steps, 1 to 1000.</param>
/// <param name="Guidance">Scale of classifier-free guidance, 0 to 100; 1 and less is none.</param>
/// <param name="Height">Height of an image in pixels.</param>
/// <param name="Width">Width of an image in pixels.</param>
/// <param name="SuperResolution">How the second stage of a cascade enlarges; null: it is not run. No spec says it, a model does.</param>
/// <param name="SchedulerConfig">
/// What is set beside the model's own scheduler config, as <see cref="SchedulerOptions"/> write it; null: nothing.
/// </param>
/// <param name="ResolutionBinning">
/// Whether images are drawn at a size of the pipeline's table and brought to the one that is asked for; null: no.
/// </param>
internal sealed record SamplerSpec(
    string? Scheduler = null,
    int? Steps = null,
    double? Guidance = null,
    int? Height = null,
    int? Width = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SuperResolutionSettings? SuperResolution = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SchedulerConfig = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? ResolutionBinning = null)
{
    /// <summary>The schedulers there are.</summary>
    public static IReadOnlyList<string> Schedulers { get; } = [.. DiffusionLens.Schedulers.Scheduler.Names];

    /// <summary>The one scheduler of all stages; null where each stage has its own.</summary>
    [JsonIgnore]
    public string? CommonScheduler => Schedulers.Contains(Scheduler) ? Scheduler : null;

    /// <summary>The sampler in a few words.</summary>
    /// <returns><c>unipc (use_karras_sigmas=true), 20 steps, guidance 7.5</c>.</returns>
    public override string ToString()
    {
        string config = SchedulerConfig is null ? "" : $" ({SchedulerConfig})";
        string binning = ResolutionBinning == true ? ", resolution binning" : "";
        return FormattableString.Invariant(
            $"{Scheduler}{config}, {Steps} {(Steps == 1 ? "step" : "steps")}, guidance {Guidance}{binning}");
    }
}
