using TorchSharp;
using Training.Rendering;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>A batch of images as one PNG, row by row, or as numbers.</summary>
internal static class ImageSheet
{
    /// <param name="pixels"><c>[B, 3, H, W]</c>, 0..1, any type.</param>
    /// <param name="columns">Images a row.</param>
    public static void Save(Tensor pixels, int columns, string path)
    {
        Images.SaveSheet(path, Values(pixels), (int)pixels.shape[3], columns);
    }

    /// <summary>The numbers of each image, channel by channel and row by row.</summary>
    /// <param name="pixels"><c>[B, 3, H, W]</c>, any type.</param>
    public static float[][] Values(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = pixels.detach().to(ScalarType.Float32).contiguous();
        return [.. values.data<float>().ToArray().Chunk((int)(values.numel() / values.shape[0]))];
    }
}
