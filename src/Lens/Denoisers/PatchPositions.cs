using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Sines and cosines of an image's rows and columns, which are added to its patches and are in no checkpoint (PixArt, later SANAs;
/// diffusers: get_2d_sincos_pos_embed). Both axes are stretched to the same length, whatever the image's sides.
/// </summary>
/// <param name="Width">Width of the tokens, a multiple of 4.</param>
/// <param name="BaseSide">Side, in patches, of the images that the model was trained on.</param>
/// <param name="Scale">What positions are divided by (<c>interpolation_scale</c>).</param>
internal sealed record PatchPositions(int Width, int BaseSide, double Scale)
{
    private const int Axes = 2;

    /// <summary>The positions of all patches, row by row; computed in float64 whatever the network's type.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="columns">How many.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <returns><c>[1, rows · columns, Width]</c>: the first half of the width says the column.</returns>
    public Tensor Of(long rows, long columns, Placement placement)
    {
        using DisposeScope scope = NewDisposeScope();
        Sinusoids waves = new(Width / Axes, CosineFirst: false);
        Tensor down = waves.Of(Along(rows), ScalarType.Float64).unsqueeze(1).expand(-1, columns, -1);
        Tensor along = waves.Of(Along(columns), ScalarType.Float64).unsqueeze(0).expand(rows, -1, -1);
        return cat([along, down], -1).flatten(0, 1).unsqueeze(0).to(placement.DType, placement.Device).MoveToOuterDisposeScope();
    }

    private Tensor Along(long count) => arange(count, ScalarType.Float64, CPU).Times(BaseSide / (double)count / Scale);
}
