using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>Multi-head scaled dot-product attention on flat projections.</summary>
internal static class HeadAttention
{
    private const long SmallScores = 64 * 64;

    /// <summary><c>[B, T, heads · d] → [B, heads, T, d]</c>.</summary>
    public static Tensor Split(Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2);

    /// <summary><c>softmax(q kᵀ / √d) v</c> with heads joined again.</summary>
    /// <param name="query"><c>[B, heads, T, d]</c>.</param>
    /// <param name="key"><c>[B, heads, S, d]</c>.</param>
    /// <param name="value"><c>[B, heads, S, d]</c>.</param>
    /// <param name="causal">Position t sees positions 0..t alone.</param>
    /// <returns><c>[B, T, heads · d]</c>.</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, bool causal = false)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mixed = query.shape[2] * key.shape[2] <= SmallScores && query.device_type == DeviceType.CPU
            ? AttendBatched(query, key, value, causal)
            : !causal && Kernels.Current.QueriesAtOnce(query, key.shape[2]) is { } atOnce ? AttendInPieces(query, key, value, atOnce)
            : nn.functional.scaled_dot_product_attention(query, key, value, is_casual: causal);
        return mixed.transpose(1, 2).reshape(mixed.shape[0], mixed.shape[2], -1).MoveToOuterDisposeScope();
    }

    /// <summary>The same where some of a text's rows may be masked.</summary>
    /// <param name="query"><c>[B, heads, T, d]</c>.</param>
    /// <param name="key">The text's, then perhaps others, <c>[B, heads, S, d]</c>.</param>
    /// <param name="value"><c>[B, heads, S, d]</c>.</param>
    /// <param name="mask">Of the text's; null: nothing is masked.</param>
    /// <returns><c>[B, T, heads · d]</c>.</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, KeyMask? mask)
        => mask is null ? Attend(query, key, value) : AttendMasked(query, key, value, mask.For(key.shape[2]).to(query.dtype));

    /// <summary>The same with scores to which a mask is added before the softmax.</summary>
    /// <param name="query"><c>[B, heads, T, d]</c>.</param>
    /// <param name="key"><c>[B, heads, S, d]</c>.</param>
    /// <param name="value"><c>[B, heads, S, d]</c>.</param>
    /// <param name="mask">
    /// 0 where a position is seen and minus infinity, or very little, where not, of the queries' type, <c>[1 or B, 1, 1 or T, S]</c>.
    /// </param>
    /// <returns><c>[B, T, heads · d]</c>.</returns>
    public static Tensor AttendMasked(Tensor query, Tensor key, Tensor value, Tensor mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask: mask);
        return mixed.transpose(1, 2).reshape(mixed.shape[0], mixed.shape[2], -1).MoveToOuterDisposeScope();
    }

    /// <summary>The same by batched products, some queries at a time, so that their scores stay in the processor's cache.</summary>
    internal static Tensor AttendInPieces(Tensor query, Tensor key, Tensor value, long atOnce)
    {
        using DisposeScope scope = NewDisposeScope();
        // Joined and not written into one tensor, for a gradient cannot go through that; a position's heads side by side, as they are read.
        Tensor mixed = cat([.. query.split(atOnce, 2).Select(Piece)], 1).transpose(1, 2);
        return mixed.MoveToOuterDisposeScope();

        Tensor Piece(Tensor part)
        {
            using DisposeScope piece = NewDisposeScope();
            return AttendBatched(part, key, value, causal: false).transpose(1, 2).MoveToOuterDisposeScope();
        }
    }

    /// <summary>
    /// The same by batched products. libtorch's fused CPU kernel makes several small products a head and sample, whose overhead is most
    /// of the time where sequences are short.
    /// </summary>
    private static Tensor AttendBatched(Tensor query, Tensor key, Tensor value, bool causal)
    {
        Tensor scores = query.Times(1 / Math.Sqrt(query.shape[3])).matmul(key.transpose(2, 3));
        if (causal)
        {
            using Scalar never = double.NegativeInfinity;
            Tensor future = ones(query.shape[2], key.shape[2], dtype: ScalarType.Bool, device: query.device).triu(1);
            scores = scores.masked_fill(future, never);
        }

        return scores.softmax(-1).matmul(value);
    }
}
