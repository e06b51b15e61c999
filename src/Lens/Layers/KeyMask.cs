using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>Rows of a text that nothing attends to, as numbers that are added to attention's scores. Images are never masked.</summary>
/// <param name="Scores">0 at keys that are seen, <c>[B, 1, 1, S]</c>.</param>
internal sealed record KeyMask(Tensor Scores)
{
    /// <summary>
    /// The scores of keys that are not seen where an image attends to a text alone (diffusers: <c>encoder_attention_mask</c>). Their
    /// share is
    /// 0 in any type, unless no key is seen: then all are seen alike, where minus infinity would leave nothing.
    /// </summary>
    public const double OfCrossAttention = -10_000;

    /// <param name="hidden">Which rows are not seen, <c>[B, S]</c> bool.</param>
    /// <param name="score">What is added to their scores.</param>
    /// <param name="dtype">The network's type.</param>
    public static KeyMask Of(Tensor hidden, double score, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar added = score;
        Tensor seen = zeros_like(hidden, dtype: dtype);
        return new KeyMask(seen.masked_fill(hidden, added).unsqueeze(1).unsqueeze(1).MoveToOuterDisposeScope());
    }

    /// <summary>Takes the scores out of their dispose scope.</summary>
    public KeyMask DetachFromDisposeScope()
    {
        Scores.DetachFromDisposeScope();
        return this;
    }

    /// <summary>For keys of the text and, behind them, as many of the image as there are more: <c>[B, 1, 1, keys]</c>.</summary>
    public Tensor For(long keys) => nn.functional.pad(Scores, [0, keys - Scores.shape[3]]);
}
