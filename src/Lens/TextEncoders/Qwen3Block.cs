using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// One block F_l of Qwen3 or Qwen2.5: pre-norm causal attention, then a pre-norm gated feed-forward layer;
/// <c>[B, T, width] → [B, T, width]</c>. No linear map has a bias, but for Qwen2.5's to queries, keys and values.
/// </summary>
internal sealed class Qwen3Block : nn.Module
{
    private readonly RmsNorm _norm1, _norm2;
    private readonly GroupedAttention _attention;
    private readonly SwiGlu _feedForward;

    public Qwen3Block(Qwen3Config config, Placement placement)
        : base(nameof(Qwen3Block))
    {
        _attention = this.Add("self_attn", new GroupedAttention(config, placement));
        _feedForward = this.Add(
            "mlp", new SwiGlu(config.Width, config.InnerWidth, new("gate_proj", "up_proj", "down_proj"), placement));
        _norm1 = this.Add("input_layernorm", new RmsNorm(config.Width, config.NormEpsilon, placement));
        _norm2 = this.Add("post_attention_layernorm", new RmsNorm(config.Width, config.NormEpsilon, placement));
    }

    /// <param name="input"><c>[B, T, width]</c>.</param>
    /// <param name="positions">Of T positions.</param>
    /// <param name="mask">Added to the attention's scores: <c>[1 or B, 1, T, T]</c>.</param>
    public BlockStates forward(Tensor input, RotaryHalves positions, Tensor mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = _attention.forward(_norm1.forward(input), positions, mask);
        Tensor h = input.Plus(attended);
        Tensor added = _feedForward.forward(_norm2.forward(h));
        return new BlockStates(attended, h, added, h.Plus(added)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Attention whose keys and values each serve a group of neighboring heads (arXiv 2305.13245); queries and keys are normed head by
    /// head before they are turned, where the model norms them.
    /// </summary>
    private sealed class GroupedAttention : nn.Module
    {
        private readonly Linear _query, _key, _value, _output;
        private readonly RmsNorm? _queryNorm, _keyNorm;
        private readonly Qwen3Config _config;

        public GroupedAttention(Qwen3Config config, Placement placement)
            : base(nameof(GroupedAttention))
        {
            _config = config;
            int inner = config.HeadCount * config.HeadWidth, keyInner = config.KeyHeadCount * config.HeadWidth;
            _query = this.Add("q_proj", new Linear(config.Width, inner, placement, config.HasBiases));
            _key = this.Add("k_proj", new Linear(config.Width, keyInner, placement, config.HasBiases));
            _value = this.Add("v_proj", new Linear(config.Width, keyInner, placement, config.HasBiases));
            _output = this.Add("o_proj", new Linear(inner, config.Width, placement, bias: false));
            if (config.NormsQueries)
            {
                _queryNorm = this.Add("q_norm", new RmsNorm(config.HeadWidth, config.NormEpsilon, placement));
                _keyNorm = this.Add("k_norm", new RmsNorm(config.HeadWidth, config.NormEpsilon, placement));
            }
        }

        public Tensor forward(Tensor input, RotaryHalves positions, Tensor mask)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor query = positions.Turn(Normed(_queryNorm, HeadAttention.Split(_query.forward(input), _config.HeadCount)));
            Tensor key = positions.Turn(Normed(_keyNorm, HeadAttention.Split(_key.forward(input), _config.KeyHeadCount)));
            Tensor value = HeadAttention.Split(_value.forward(input), _config.KeyHeadCount);
            return _output.forward(HeadAttention.AttendMasked(query, Shared(key), Shared(value), mask)).MoveToOuterDisposeScope();
        }

        private static Tensor Normed(RmsNorm? norm, Tensor heads) => norm is null ? heads : norm.forward(heads);

        /// <summary>Each head as often as it serves a head of the queries: <c>[B, key heads, T, d] → [B, heads, T, d]</c>.</summary>
        private Tensor Shared(Tensor heads)
            => heads.unsqueeze(2).expand(-1, -1, _config.HeadCount / _config.KeyHeadCount, -1, -1).flatten(1, 2);
    }
}
