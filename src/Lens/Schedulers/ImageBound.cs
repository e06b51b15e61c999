using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Keeps a predicted image among the values that images have, as DDIM, DDPM and LCM do: by dynamic thresholding where the config asks for
/// <c>thresholding</c>, else cut to ±<c>clip_sample_range</c> where <c>clip_sample</c> is true.
/// </summary>
internal sealed class ImageBound
{
    private readonly DynamicThreshold? _threshold;
    private readonly double? _range;

    private ImageBound(DynamicThreshold? threshold, double? range) => (_threshold, _range) = (threshold, range);

    /// <summary>Reads a config.</summary>
    /// <param name="config">The scheduler's config.</param>
    /// <param name="clips">What a file means that says nothing of <c>clip_sample</c>.</param>
    public static ImageBound Of(ConfigReader config, bool clips = true)
        => new(
            DynamicThreshold.Of(config),
            config.Flag("clip_sample", clips) ? config.Number("clip_sample_range", 1, NumberRange.Factor) : null);

    /// <summary><c>[B, ...] → [B, ...]</c>.</summary>
    public Tensor Apply(Tensor image)
        => _threshold is not null ? _threshold.Apply(image)
            : _range is { } range ? image.ClampTo(-range, range)
            : image;
}
