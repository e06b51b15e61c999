using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// The sizes that the pipelines of PixArt and SANA draw at, whatever size is asked for, by the ratio of height to width (diffusers:
/// <c>use_resolution_binning</c>): about as many pixels each as a square of <paramref name="side"/>.
/// </summary>
/// <param name="side">256, 512, 1024, 2048 or 4096 pixels.</param>
internal sealed class ResolutionBins(int side)
{
    private const int Finer = 2048;

    // Height and width in sixteenths of the side.
    private static readonly (int Height, int Width)[] Common =
    [
        (8, 32), (8, 29), (9, 28), (9, 27), (9, 26), (10, 25), (10, 24), (11, 23), (11, 22), (11, 21), (12, 21), (12, 20), (13, 19),
        (13, 18), (14, 18), (14, 17), (15, 17), (15, 16), (16, 16), (16, 15), (17, 15), (17, 14), (18, 14), (18, 13), (19, 13), (20, 12),
        (21, 12), (22, 11), (23, 11), (24, 10), (25, 10), (27, 9), (32, 8),
    ];

    // What the tables of 2048 and 4096 pixels have beside these.
    private static readonly (int Height, int Width)[] Extreme = [(8, 31), (8, 30), (26, 9), (28, 9), (29, 8), (30, 8), (31, 8)];

    /// <summary>The size that is drawn where another is asked for: that of the nearest ratio, as the table rounds it.</summary>
    public (int Height, int Width) Nearest(int height, int width)
    {
        double asked = (double)height / width;
        IEnumerable<(int Height, int Width)> bins = side < Finer ? Common : Common.Concat(Extreme).OrderBy(Ratio);
        (int Height, int Width) nearest = bins.MinBy(bin => Math.Abs(Ratio(bin) - asked));
        return (nearest.Height * side / 16, nearest.Width * side / 16);
    }

    /// <summary>
    /// Brings images to the size that was asked for: resized bilinearly to cover it, then cut to it about the center.
    /// </summary>
    /// <param name="images"><c>[B, C, H, W]</c>, not yet clamped.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="width">Pixels.</param>
    /// <returns><c>[B, C, height, width]</c>.</returns>
    public static Tensor Restore(Tensor images, int height, int width)
    {
        long drawnHeight = images.shape[2], drawnWidth = images.shape[3];
        if ((drawnHeight, drawnWidth) == (height, width))
        {
            return images;
        }

        double factor = Math.Max((double)height / drawnHeight, (double)width / drawnWidth);
        long coverHeight = (long)(drawnHeight * factor), coverWidth = (long)(drawnWidth * factor);
        Tensor cover = nn.functional.interpolate(images, [coverHeight, coverWidth], mode: InterpolationMode.Bilinear, align_corners: false);
        return cover.narrow(2, (coverHeight - height) / 2, height).narrow(3, (coverWidth - width) / 2, width);
    }

    private static double Ratio((int Height, int Width) bin) => Math.Round((double)bin.Height / bin.Width, 2, MidpointRounding.ToEven);
}
