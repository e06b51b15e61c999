using SkiaSharp;

namespace Training.Rendering;

internal static class Images
{
    // White pixels between the images of a sheet.
    private const int Gap = 2;

    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="pixels">3 x height x width planes (red, green, blue); values outside 0..1 are cut.</param>
    /// <param name="width">Pixels in a row.</param>
    public static void Save(string path, float[] pixels, int width) => SaveSheet(path, [pixels], width, columns: 1);

    /// <summary>Writes images of one size as a sheet, row by row, as PNG.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="images">Each 3 x height x width planes; values outside 0..1 are cut.</param>
    /// <param name="width">Pixels in a row of one image.</param>
    /// <param name="columns">Images in a row of the sheet.</param>
    public static void SaveSheet(string path, IReadOnlyList<float[]> images, int width, int columns)
    {
        int plane = images[0].Length / 3, height = plane / width, rows = (images.Count + columns - 1) / columns;
        int sheetWidth = (columns * (width + Gap)) - Gap, sheetHeight = (rows * (height + Gap)) - Gap;
        SKColor[] sheet = new SKColor[sheetWidth * sheetHeight];
        Array.Fill(sheet, SKColors.White);
        for (int number = 0; number < images.Count; number++)
        {
            float[] image = images[number];
            int left = number % columns * (width + Gap), top = number / columns * (height + Gap);
            for (int i = 0; i < plane; i++)
            {
                sheet[((top + (i / width)) * sheetWidth) + left + (i % width)] =
                    new SKColor(Level(image[i]), Level(image[i + plane]), Level(image[i + (2 * plane)]));
            }
        }
        using SKBitmap bitmap = new(new SKImageInfo(sheetWidth, sheetHeight, SKColorType.Rgba8888, SKAlphaType.Opaque)) { Pixels = sheet };
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using FileStream file = File.Create(path);
        png.SaveTo(file);
    }

    private static byte Level(float value) => (byte)Math.Round(Math.Clamp(value, 0, 1) * 255);
}
