using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>How images are made from a conditioning.</summary>
public sealed record SamplerSettings
{
    /// <summary>
    /// One of <see cref="Schedulers.Scheduler.Names"/>; null: the class that the model's own config names. Its details come from that
    /// config.
    /// </summary>
    public string? Scheduler { get; init; }

    /// <summary>Details that are set beside the model's own config, for every stage of a cascade.</summary>
    public SchedulerOptions SchedulerOptions { get; init; } = SchedulerOptions.None;

    /// <summary>Steps of the sampler, 1 or more.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>
    /// Classifier-free guidance: the prediction is moved from the negative prompt's towards the conditioning's by this factor. 1 or less:
    /// the conditioning's prediction alone, at half the cost.
    /// </summary>
    public double Guidance { get; init; } = 7.5;

    /// <summary>
    /// The guided prediction of an image is no longer than this times the conditioning's own (diffusers: <c>cfg_normalization</c>); 0: it
    /// may be as long as it gets. Z-Image's alone.
    /// </summary>
    public double GuidanceNormalization { get; init; }

    /// <summary>
    /// From where on, 0 (noise) to 1 (image), there is no guidance (diffusers: <c>cfg_truncation</c>). Z-Image's alone.
    /// </summary>
    public double GuidanceTruncation { get; init; } = 1;

    /// <summary>Height of the images in pixels; null: the size the model was trained on.</summary>
    public int? Height { get; init; }

    /// <summary>Width of the images in pixels; null: the size the model was trained on.</summary>
    public int? Width { get; init; }

    /// <summary>
    /// Whether images are drawn at the size of the pipeline's table that is nearest in its ratio of height to width, and brought to the
    /// size that is asked for (diffusers: <c>use_resolution_binning</c>). PixArt's and SANA's alone.
    /// </summary>
    public bool ResolutionBinning { get; init; }

    /// <summary>
    /// Rounds the starting noise to multiples of this: torch's normal draws differ between processors in their last bits, rounded ones
    /// do not. Null: the noise as it was drawn.
    /// </summary>
    public double? NoiseGrid { get; init; }

    /// <summary>
    /// How a cascade enlarges what its first stage made; null: it stops there. Models without a second stage take no notice of it.
    /// </summary>
    public SuperResolutionSettings? SuperResolution { get; init; } = new();

    internal bool LimitsGuidance => GuidanceNormalization != 0 || GuidanceTruncation < 1;

    internal bool IsGuided => Guidance > 1;

    /// <summary>A run of the sampler.</summary>
    /// <param name="config">The model's own.</param>
    /// <param name="predictsVariance">Whether the denoiser also says a variance.</param>
    /// <param name="pipeline">What the pipeline says of the schedule of a rectified flow; null: nothing.</param>
    /// <exception cref="BadInputException">The sampler is unknown, or cannot do what the config or the options ask for.</exception>
    internal Scheduler CreateScheduler(SchedulerConfig config, bool predictsVariance = false, PipelineSchedule? pipeline = null)
    {
        SchedulerConfig changed = config.With(SchedulerOptions);
        string name = Scheduler ?? SamplerClass.OfConfig(changed).Name;
        Scheduler scheduler = Schedulers.Scheduler.Create(name, changed, Steps, pipeline);
        string? unread = SchedulerOptions.Keys.FirstOrDefault(
            key => !changed.Read.Contains(key) && pipeline?.ReadKeys.Contains(key) != true);
        if (unread is not null)
        {
            throw changed.Reader.Error($"{unread} means nothing to '{name}' as it is set; leave it out");
        }

        return predictsVariance || !scheduler.ReadsVariance
            ? scheduler
            : throw changed.Reader.Error(
                "variance_type is learned_range, but the model predicts no variance; supported: fixed_small, fixed_large");
    }

    /// <summary>A draw, rounded to <see cref="NoiseGrid"/>.</summary>
    internal Tensor OnGrid(Tensor draw) => NoiseGrid is { } grid ? draw.Times(1 / grid).round().Times(grid) : draw;
}
