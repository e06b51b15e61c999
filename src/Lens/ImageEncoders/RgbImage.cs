namespace DiffusionLens.ImageEncoders;

/// <summary>An image of eight bits a channel.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgb">Red, green and blue of each pixel, row by row.</param>
internal sealed record RgbImage(int Width, int Height, byte[] Rgb)
{
    public const int Channels = 3;
}
