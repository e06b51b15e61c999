using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>The mask of decoders: no token attends to what comes later.</summary>
internal static class CausalMask
{
    /// <summary>Minus infinity at what comes later and at padding, else 0: <c>[1 or B, 1, T, T]</c>.</summary>
    /// <param name="length">T.</param>
    /// <param name="attentionMask">1 for tokens, 0 for padding, which comes after them, <c>[B, T]</c> int64; null: there is none.</param>
    /// <param name="type">That of the attention's scores.</param>
    /// <param name="device">Where it is to be.</param>
    public static Tensor Of(long length, Tensor? attentionMask, ScalarType type, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar never = double.NegativeInfinity, padding = 0L;
        Tensor hidden = ones(length, length, dtype: ScalarType.Bool, device: device).triu(1).unsqueeze(0).unsqueeze(0);
        if (attentionMask is not null)
        {
            hidden = hidden.logical_or(attentionMask.eq(padding).unsqueeze(1).unsqueeze(1));
        }

        return zeros(hidden.shape, type, device).masked_fill(hidden, never).MoveToOuterDisposeScope();
    }
}
