using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// How many images are computed at once. On a CPU, in a fixed amount of memory, and no more than are faster together: a matter of sizes
/// alone, not of the machine. On a GPU, which larger batches keep busy, in a share of its memory.
/// </summary>
internal static class BatchLimit
{
    /// <summary>What a batch may take beside the weights; of a GPU, at least.</summary>
    public const long Bytes = 2L << 30;

    /// <summary>On a CPU: more small images at once are slower again, since what lives between layers leaves the cache.</summary>
    public const int MostOnCpu = 64;

    /// <summary>The longest side of an image, in pixels.</summary>
    public const int LongestSide = 16384;

    /// <summary>
    /// Values that live at once in a UNet, for each position and channel of its first level: skip connections of all levels, the
    /// widened input of an up block, and the feed-forward of a transformer block (8 times the width).
    /// </summary>
    private const long ValuesPerChannel = 32;

    /// <param name="valuesPerImage">What lives at once for one image.</param>
    /// <param name="placement">Gives the size of a value.</param>
    /// <returns>1 or more.</returns>
    /// <exception cref="BadInputException">Not even one image fits in this machine's memory.</exception>
    public static int Of(long valuesPerImage, Placement placement) => Of(valuesPerImage, placement, MachineMemory.Usable);

    internal static int Of(long valuesPerImage, Placement placement, Func<long?> usable)
    {
        long bytes = valuesPerImage * placement.DType.ElementSize();
        if (bytes > Bytes && placement.Device.type == DeviceType.CPU && usable() is { } free && bytes > free)
        {
            long halved = valuesPerImage * ScalarType.BFloat16.ElementSize();
            throw new BadInputException(
                $"an image of this size takes about {MachineMemory.InGB(bytes)} GB to compute in "
                + $"{placement.DType.ToString().ToLowerInvariant()}, of which {MachineMemory.InGB(free)} GB are free; "
                + (halved < bytes && halved <= free
                    ? $"in bfloat16 it would be {MachineMemory.InGB(halved)} GB, which fits"
                    : "take a smaller height and width"));
        }

        int most = placement.Device.type == DeviceType.CPU ? MostOnCpu : int.MaxValue;
        return (int)Math.Clamp(BytesOn(placement.Device) / bytes, 1, most);
    }

    private static long BytesOn(Device device)
        => device.type == DeviceType.CUDA && DeviceMemory.ShareOf(device) is { } share ? Math.Max(share, Bytes) : Bytes;

    /// <summary>Refuses sides that no memory has room for.</summary>
    /// <param name="name">Which side.</param>
    /// <param name="length">In pixels.</param>
    /// <exception cref="BadInputException">It is too long.</exception>
    public static int Side(string name, int length) => length <= LongestSide
        ? length
        : throw new BadInputException($"{name} is {length}; images have sides of at most {LongestSide} pixels");

    /// <summary>Batches that follow one another, as many together as have at most some images; each whole, and at least one.</summary>
    /// <param name="batches">In their order.</param>
    /// <param name="images">How many a batch has.</param>
    /// <param name="most">How many some may have together.</param>
    internal static IEnumerable<T[]> Together<T>(IEnumerable<T> batches, Func<T, int> images, int most)
    {
        List<T> some = [];
        foreach (T batch in batches)
        {
            if (some.Count > 0 && some.Sum(images) + images(batch) > most)
            {
                yield return [.. some];
                some.Clear();
            }

            some.Add(batch);
        }

        if (some.Count > 0)
        {
            yield return [.. some];
        }
    }

    /// <summary>Values of a UNet for one image of <paramref name="area"/> latents or pixels.</summary>
    public static long UNetValues(long area, UNet2DConditionConfig unet, bool guided)
        => area * unet.BlockOutChannels[0] * ValuesPerChannel * (guided ? 2 : 1);
}
