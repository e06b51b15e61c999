using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Queries, keys and values of one stream's tokens, head by head, queries and keys normed where the model norms them. Its maps are
/// registered on the attention that has them, under the names of its stream.
/// </summary>
internal sealed class HeadProjection
{
    private const double Epsilon = 1e-6;

    private readonly Linear _query, _key, _value;
    private readonly RmsNorm? _queryNorm, _keyNorm;
    private readonly int _heads;

    private HeadProjection(nn.Module attention, JointBlockShape shape, Placement placement, Names names)
    {
        _heads = shape.HeadCount;
        _query = attention.Add(names.Query, new Linear(shape.Width, shape.Width, placement));
        _key = attention.Add(names.Key, new Linear(shape.Width, shape.Width, placement));
        _value = attention.Add(names.Value, new Linear(shape.Width, shape.Width, placement));
        if (shape.NormsQueries)
        {
            _queryNorm = attention.Add(names.QueryNorm, new RmsNorm(shape.HeadWidth, Epsilon, placement));
            _keyNorm = attention.Add(names.KeyNorm, new RmsNorm(shape.HeadWidth, Epsilon, placement));
        }
    }

    /// <summary>Of the image's tokens, or of all tokens where there is one stream.</summary>
    public static HeadProjection OfImage(nn.Module attention, JointBlockShape shape, Placement placement)
        => new(attention, shape, placement, new("to_q", "to_k", "to_v", "norm_q", "norm_k"));

    /// <summary>Of the text's tokens beside the image's.</summary>
    public static HeadProjection OfText(nn.Module attention, JointBlockShape shape, Placement placement)
        => new(attention, shape, placement, new("add_q_proj", "add_k_proj", "add_v_proj", "norm_added_q", "norm_added_k"));

    /// <summary><c>[B, T, width] → [B, heads, T, d]</c>.</summary>
    public Tensor Query(Tensor tokens) => Normed(_queryNorm, HeadAttention.Split(_query.forward(tokens), _heads));

    /// <summary><c>[B, T, width] → [B, heads, T, d]</c>.</summary>
    public Tensor Key(Tensor tokens) => Normed(_keyNorm, HeadAttention.Split(_key.forward(tokens), _heads));

    /// <summary><c>[B, T, width] → [B, heads, T, d]</c>.</summary>
    public Tensor Value(Tensor tokens) => HeadAttention.Split(_value.forward(tokens), _heads);

    private static Tensor Normed(RmsNorm? norm, Tensor heads) => norm is null ? heads : norm.forward(heads);

    private sealed record Names(string Query, string Key, string Value, string QueryNorm, string KeyNorm);
}
