using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>
/// Attention without a softmax (arXiv 2006.16236 with ReLU, as in arXiv 2205.14756): what is gathered of keys and values does not depend on
/// the query, so its cost grows with the number of places, not with its square.
/// </summary>
internal static class LinearAttention
{
    // Of diffusers: where no key answers a query, the result is 0.
    private const double Least = 1e-15;

    /// <summary>
    /// <c>q (kᵀ v) / (q · Σk)</c> with ReLU of q and k, head by head; in float32 where less is given, as diffusers has it.
    /// </summary>
    /// <param name="query"><c>[B, heads, d, N]</c>: places come last.</param>
    /// <param name="key">Likewise.</param>
    /// <param name="value">Likewise.</param>
    /// <returns><c>[B, heads, d, N]</c>, in the type that came in.</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor positive = Exact(key.relu()).transpose(2, 3), asked = Exact(query.relu());
        Tensor gathered = Exact(value).matmul(positive), sum = positive.sum(2, keepdim: true);
        return gathered.matmul(asked).div(sum.matmul(asked).Plus(Least)).to(query.dtype).MoveToOuterDisposeScope();
    }

    private static Tensor Exact(Tensor x) => x.dtype == ScalarType.Float64 ? x : x.@float();
}
