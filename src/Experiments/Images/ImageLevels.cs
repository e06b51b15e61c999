namespace Experiments.Images;

/// <summary>An image in eight bits a channel.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgb">Red, green and blue of each pixel, row by row.</param>
internal sealed record ImageLevels(int Width, int Height, byte[] Rgb)
{
    /// <summary>Red, green and blue.</summary>
    public const int Channels = 3;
}
