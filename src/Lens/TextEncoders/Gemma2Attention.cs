using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// Attention whose keys and values each serve a group of neighboring heads (arXiv 2305.13245), divided by the root of a number that the
/// config gives; scores may be soft-capped, <c>cap · tanh(score / cap)</c>, before the mask.
/// </summary>
internal sealed class Gemma2Attention : nn.Module
{
    private readonly Linear _query, _key, _value, _output;
    private readonly Gemma2Config _config;
    private readonly double? _cap;

    public Gemma2Attention(Gemma2Config config, double? cap, Placement placement)
        : base(nameof(Gemma2Attention))
    {
        (_config, _cap) = (config, cap);
        int inner = config.HeadCount * config.HeadWidth, keyInner = config.KeyHeadCount * config.HeadWidth;
        _query = this.Add("q_proj", new Linear(config.Width, inner, placement, bias: false));
        _key = this.Add("k_proj", new Linear(config.Width, keyInner, placement, bias: false));
        _value = this.Add("v_proj", new Linear(config.Width, keyInner, placement, bias: false));
        _output = this.Add("o_proj", new Linear(inner, config.Width, placement, bias: false));
    }

    /// <param name="input"><c>[B, T, width]</c>.</param>
    /// <param name="positions">Of T positions.</param>
    /// <param name="mask">Added to the scores: <c>[1 or B, 1, T, T]</c>.</param>
    public Tensor forward(Tensor input, RotaryHalves positions, Tensor mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor query = positions.Turn(HeadAttention.Split(_query.forward(input), _config.HeadCount));
        Tensor key = Shared(positions.Turn(HeadAttention.Split(_key.forward(input), _config.KeyHeadCount)));
        Tensor value = Shared(HeadAttention.Split(_value.forward(input), _config.KeyHeadCount));
        Tensor mixed = _cap is { } cap
            ? Capped(query, key, value, mask, cap)

            // What the fused attention divides by again.
            : HeadAttention.AttendMasked(query.Times(Math.Sqrt(_config.HeadWidth / _config.QueryScalar)), key, value, mask);
        return _output.forward(mixed).MoveToOuterDisposeScope();
    }

    private Tensor Capped(Tensor query, Tensor key, Tensor value, Tensor mask, double cap)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor scores = query.matmul(key.transpose(2, 3)).Times(1 / Math.Sqrt(_config.QueryScalar));
        Tensor capped = scores.Times(1 / cap).tanh_().Times(cap).add_(mask, ScalarArithmetic.One);
        Tensor weights = capped.to(capped.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32).softmax(-1);
        return weights.to(value.dtype).matmul(value).transpose(1, 2).flatten(2).MoveToOuterDisposeScope();
    }

    /// <summary>Each head as often as it serves a head of the queries: <c>[B, key heads, T, d] → [B, heads, T, d]</c>.</summary>
    private Tensor Shared(Tensor heads)
        => heads.unsqueeze(2).expand(-1, -1, _config.HeadCount / _config.KeyHeadCount, -1, -1).flatten(1, 2);
}
