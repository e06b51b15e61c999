namespace DiffusionLens.ImageEncoders;

/// <summary>How Pillow weighs pixels when it resizes, by the numbers that configs give its filters (<c>resample</c>).</summary>
internal enum PillowFilter
{
    Nearest = 0,
    Lanczos = 1,
    Bilinear = 2,
    Bicubic = 3,
    Box = 4,
    Hamming = 5,
}
