using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>An image's attention to a text of which not every token need be seen (PixArt, SANA).</summary>
internal sealed class MaskedCrossAttention : nn.Module
{
    private readonly Linear _query, _key, _value;
    private readonly IReadOnlyList<Linear> _out;
    private readonly RmsNorm? _queryNorm, _keyNorm;
    private readonly int _heads;

    /// <param name="width">Width of the image's and of the text's tokens.</param>
    /// <param name="heads">How many heads; the width is a multiple.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="normEpsilon">Of the norms of queries and keys across all heads (<c>rms_norm_across_heads</c>); null: none.</param>
    public MaskedCrossAttention(int width, int heads, Placement placement, double? normEpsilon = null)
        : base(nameof(MaskedCrossAttention))
    {
        _heads = heads;
        _query = this.Add("to_q", new Linear(width, width, placement));
        _key = this.Add("to_k", new Linear(width, width, placement));
        _value = this.Add("to_v", new Linear(width, width, placement));
        _out = this.AddList("to_out", [new Linear(width, width, placement)]);
        if (normEpsilon is { } epsilon)
        {
            _queryNorm = this.Add("norm_q", new RmsNorm(width, epsilon, placement));
            _keyNorm = this.Add("norm_k", new RmsNorm(width, epsilon, placement));
        }
    }

    /// <param name="image"><c>[B, T, width]</c>.</param>
    /// <param name="text"><c>[B, S, width]</c>.</param>
    /// <param name="mask">Tokens of the text that are not seen; null: all are.</param>
    /// <returns><c>[B, T, width]</c>.</returns>
    public Tensor forward(Tensor image, Tensor text, KeyMask? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor query = HeadAttention.Split(Normed(_queryNorm, _query.forward(image)), _heads);
        Tensor key = HeadAttention.Split(Normed(_keyNorm, _key.forward(text)), _heads);
        Tensor value = HeadAttention.Split(_value.forward(text), _heads);
        Tensor mixed = mask is null
            ? HeadAttention.Attend(query, key, value)
            : HeadAttention.AttendMasked(query, key, value, mask.Scores.expand(-1, -1, query.shape[2], -1));
        return _out[0].forward(mixed).MoveToOuterDisposeScope();
    }

    private static Tensor Normed(RmsNorm? norm, Tensor x) => norm is null ? x : norm.forward(x);
}
