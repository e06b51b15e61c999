using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// A block of Z-Image: attention, then a gated feed-forward layer, both normed before and after; time scales what goes in and gates what
/// comes out, but for captions, which do not know of it (diffusers: ZImageTransformerBlock).
/// </summary>
internal sealed class ZImageBlock : nn.Module
{
    private readonly Attention _attention;
    private readonly SwiGlu _feedForward;
    private readonly RmsNorm _attentionNorm1, _attentionNorm2, _feedForwardNorm1, _feedForwardNorm2;
    private readonly IReadOnlyList<Linear> _modulation;

    public ZImageBlock(ZImageTransformerConfig config, bool knowsTime, Placement placement)
        : base(nameof(ZImageBlock))
    {
        _attention = this.Add("attention", new Attention(config, placement));
        _feedForward = this.Add("feed_forward", new SwiGlu(config.Width, config.InnerWidth, new("w1", "w3", "w2"), placement));
        _attentionNorm1 = this.Add("attention_norm1", new RmsNorm(config.Width, config.NormEpsilon, placement));
        _attentionNorm2 = this.Add("attention_norm2", new RmsNorm(config.Width, config.NormEpsilon, placement));
        _feedForwardNorm1 = this.Add("ffn_norm1", new RmsNorm(config.Width, config.NormEpsilon, placement));
        _feedForwardNorm2 = this.Add("ffn_norm2", new RmsNorm(config.Width, config.NormEpsilon, placement));
        _modulation = this.AddList<Linear>(
            "adaLN_modulation", knowsTime ? [new Linear(config.TimeWidth, 4 * config.Width, placement)] : []);
    }

    /// <param name="tokens"><c>[B, T, width]</c>.</param>
    /// <param name="positions">Of all tokens.</param>
    /// <param name="time">The time embedding, <c>[B, time width]</c>, not activated; null for a block that does not know of time.</param>
    public Tensor forward(Tensor tokens, RotaryPositions positions, Tensor? time)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[]? parts = time is null ? null : _modulation[0].forward(time).unsqueeze(1).chunk(4, -1);
        Tensor attended = _attention.forward(Scaled(_attentionNorm1.forward(tokens), parts?[0]), positions);
        Tensor h = tokens.Plus(Gated(_attentionNorm2.forward(attended), parts?[1]));
        Tensor fed = _feedForward.forward(Scaled(_feedForwardNorm1.forward(h), parts?[2]));
        return h.Plus(Gated(_feedForwardNorm2.forward(fed), parts?[3])).MoveToOuterDisposeScope();

        static Tensor Scaled(Tensor x, Tensor? scale) => scale is null ? x : x.mul(scale.Plus(1));

        static Tensor Gated(Tensor x, Tensor? gate) => gate is null ? x : x.mul(gate.tanh());
    }

    private sealed class Attention : nn.Module
    {
        private const double QueryEpsilon = 1e-5;

        private readonly Linear _query, _key, _value;
        private readonly RmsNorm? _queryNorm, _keyNorm;
        private readonly IReadOnlyList<Linear> _output;
        private readonly int _heads;

        public Attention(ZImageTransformerConfig config, Placement placement)
            : base(nameof(Attention))
        {
            _heads = config.HeadCount;
            _query = this.Add("to_q", new Linear(config.Width, config.Width, placement, bias: false));
            _key = this.Add("to_k", new Linear(config.Width, config.Width, placement, bias: false));
            _value = this.Add("to_v", new Linear(config.Width, config.Width, placement, bias: false));
            _output = this.AddList("to_out", [new Linear(config.Width, config.Width, placement, bias: false)]);
            if (config.NormsQueries)
            {
                _queryNorm = this.Add("norm_q", new RmsNorm(config.HeadWidth, QueryEpsilon, placement));
                _keyNorm = this.Add("norm_k", new RmsNorm(config.HeadWidth, QueryEpsilon, placement));
            }
        }

        public Tensor forward(Tensor tokens, RotaryPositions positions)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor query = positions.Turn(Normed(_queryNorm, HeadAttention.Split(_query.forward(tokens), _heads)));
            Tensor key = positions.Turn(Normed(_keyNorm, HeadAttention.Split(_key.forward(tokens), _heads)));
            Tensor value = HeadAttention.Split(_value.forward(tokens), _heads);
            return _output[0].forward(HeadAttention.Attend(query, key, value)).MoveToOuterDisposeScope();
        }

        private static Tensor Normed(RmsNorm? norm, Tensor heads) => norm is null ? heads : norm.forward(heads);
    }
}
