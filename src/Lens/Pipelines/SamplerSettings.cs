using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>How images are made from a conditioning.</summary>
public sealed record SamplerSettings
{
    /// <summary>
    /// One of <see cref="Schedulers.Scheduler.Names"/>; null: DPM-Solver++. Its details come from the model's own config.
    /// </summary>
    public string? Scheduler { get; init; }

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

    /// <summary>A draw, rounded to <see cref="NoiseGrid"/>.</summary>
    internal Tensor OnGrid(Tensor draw) => NoiseGrid is { } grid ? draw.Times(1 / grid).round().Times(grid) : draw;
}
