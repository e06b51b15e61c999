using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>2×2 latents as one token of a transformer, in the arrangement of FLUX.1: in a token the channel runs slowest.</summary>
internal static class PackedLatents
{
    /// <summary>Latents of a token's square, along a side.</summary>
    public const int Patch = 2;

    /// <summary><c>[B, C, h, w] → [B, h w / 4, 4 C]</c>, row by row.</summary>
    public static Tensor Of(Tensor latents)
    {
        (long channels, long rows, long columns) = (latents.shape[1], latents.shape[2] / 2, latents.shape[3] / 2);
        return latents.view(-1, channels, rows, 2, columns, 2).permute(0, 2, 4, 1, 3, 5).reshape(-1, rows * columns, 4 * channels);
    }

    /// <summary>Back again: <c>[B, rows · columns, 4 C] → [B, C, 2 rows, 2 columns]</c>.</summary>
    public static Tensor Back(Tensor tokens, long rows, long columns)
    {
        long channels = tokens.shape[2] / 4;
        return tokens.view(-1, rows, columns, channels, 2, 2).permute(0, 3, 1, 4, 2, 5).reshape(-1, channels, 2 * rows, 2 * columns);
    }
}
