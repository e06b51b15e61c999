using DiffusionLens.Configs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Dynamic thresholding (Imagen, arXiv 2205.11487, section 2.3): each sample's bound s is a quantile of its |values|, kept within
/// 1..<c>sample_max_value</c>; values are cut to -s..s and divided by s.
/// </summary>
internal sealed class DynamicThreshold
{
    /// <summary>torch takes no quantiles of more values in one call.</summary>
    private const long QuantileLimit = 1 << 24;

    private readonly double _ratio, _largest;

    private DynamicThreshold(double ratio, double largest) => (_ratio, _largest) = (ratio, largest);

    /// <summary>Null where the config does not ask for <c>thresholding</c>.</summary>
    public static DynamicThreshold? Of(ConfigReader config)
        => config.Flag("thresholding", false)
            ? new DynamicThreshold(
                config.Number("dynamic_thresholding_ratio", 0.995, NumberRange.Share),
                config.Number("sample_max_value", 1, NumberRange.Factor))
            : null;

    /// <summary><c>[B, ...] → [B, ...]</c>, each sample by itself.</summary>
    public Tensor Apply(Tensor image)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar lowest = 1.0, largest = _largest;
        Tensor flat = image.flatten(1);
        long together = Math.Max(QuantileLimit / flat.shape[1], 1);
        Tensor[] quantiles = [.. flat.abs().split(together)
            .Select(part => quantile(part, tensor(_ratio, flat.dtype, flat.device), dim: 1, keepdim: true))];
        Tensor bound = cat(quantiles, 0).clamp(lowest, largest);
        return flat.minimum(bound).maximum(bound.neg()).div(bound).reshape(image.shape).MoveToOuterDisposeScope();
    }
}
