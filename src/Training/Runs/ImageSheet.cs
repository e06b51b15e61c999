using Training.Rendering;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>Writes a batch of images as one PNG, row by row.</summary>
internal static class ImageSheet
{
    /// <param name="pixels"><c>[B, 3, H, W]</c>, 0..1, any type.</param>
    /// <param name="columns">Images a row.</param>
    public static void Save(Tensor pixels, int columns, string path)
    {
        using Tensor flat = pixels.detach().to(ScalarType.Float32).contiguous();
        int numbersAnImage = (int)(pixels.shape[1] * pixels.shape[2] * pixels.shape[3]);
        Images.SaveSheet(path, [.. flat.data<float>().ToArray().Chunk(numbersAnImage)], (int)pixels.shape[3], columns);
    }
}
