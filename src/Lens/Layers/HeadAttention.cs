using static TorchSharp.torch;

namespace Lens.Layers;

/// <summary>Multi-head scaled dot-product attention on flat projections.</summary>
internal static class HeadAttention
{
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
        using Tensor mixed = nn.functional.scaled_dot_product_attention(query, key, value, is_casual: causal);
        return mixed.transpose(1, 2).reshape(mixed.shape[0], mixed.shape[2], -1);
    }
}
