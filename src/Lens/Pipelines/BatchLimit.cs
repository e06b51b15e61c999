using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using TorchSharp;

namespace DiffusionLens.Pipelines;

/// <summary>How many images are computed at once in a fixed amount of memory: a matter of sizes alone, not of the machine.</summary>
internal static class BatchLimit
{
    /// <summary>What a batch may take beside the weights.</summary>
    public const long Bytes = 2L << 30;

    /// <summary>
    /// Values that live at once in a UNet, for each position and channel of its first level: skip connections of all levels, the
    /// widened input of an up block, and the feed-forward of a transformer block (8 times the width).
    /// </summary>
    private const long ValuesPerChannel = 32;

    /// <param name="valuesPerImage">What lives at once for one image.</param>
    /// <param name="placement">Gives the size of a value.</param>
    /// <returns>1 or more.</returns>
    public static int Of(long valuesPerImage, Placement placement)
        => (int)Math.Clamp(Bytes / (valuesPerImage * placement.DType.ElementSize()), 1, int.MaxValue);

    /// <summary>Values of a UNet for one image of <paramref name="area"/> latents or pixels.</summary>
    public static long UNetValues(long area, UNet2DConditionConfig unet, bool guided)
        => area * unet.BlockOutChannels[0] * ValuesPerChannel * (guided ? 2 : 1);
}
