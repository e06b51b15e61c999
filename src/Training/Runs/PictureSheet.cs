using SkiaSharp;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>Writes a batch of pictures as one PNG, row by row.</summary>
internal static class PictureSheet
{
    private const int Gap = 2;

    /// <param name="pixels"><c>[B, 3, H, W]</c>, 0..1, any type.</param>
    /// <param name="columns">Pictures a row.</param>
    /// <param name="path">The PNG.</param>
    public static void Save(Tensor pixels, int columns, string path)
    {
        using Tensor flat = pixels.detach().to(ScalarType.Float32).contiguous();
        float[] values = flat.data<float>().ToArray();
        int count = (int)pixels.shape[0], height = (int)pixels.shape[2], width = (int)pixels.shape[3];
        using SKBitmap sheet = new(columns * (width + Gap), (count + columns - 1) / columns * (height + Gap));
        sheet.Erase(SKColors.White);
        for (int i = 0; i < count; i++)
        {
            int left = i % columns * (width + Gap), top = i / columns * (height + Gap);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    sheet.SetPixel(left + x, top + y, new SKColor(Channel(i, 0, y, x), Channel(i, 1, y, x), Channel(i, 2, y, x)));
                }
            }
        }

        using FileStream file = File.Create(path);
        sheet.Encode(file, SKEncodedImageFormat.Png, 100);

        byte Channel(int picture, int channel, int y, int x)
            => (byte)Math.Clamp(Math.Round(255 * values[(((((picture * 3) + channel) * height) + y) * width) + x]), 0, 255);
    }
}
