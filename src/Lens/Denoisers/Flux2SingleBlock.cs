using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// A block of FLUX.2 that takes text and image as one sequence and computes attention and feed-forward side by side, from one linear map
/// and into one (diffusers: Flux2SingleTransformerBlock).
/// </summary>
internal sealed class Flux2SingleBlock : nn.Module
{
    private readonly ParallelAttention _attention;
    private readonly double _epsilon;

    public Flux2SingleBlock(Flux2TransformerConfig config, Placement placement)
        : base(nameof(Flux2SingleBlock))
    {
        _epsilon = config.NormEpsilon;
        _attention = this.Add("attn", new ParallelAttention(config, placement));
    }

    /// <param name="tokens">Text, then image, <c>[B, S + T, width]</c>.</param>
    /// <param name="modulation">What time does to the block.</param>
    /// <param name="positions">Of all tokens.</param>
    /// <param name="mask">Rows of the text that nothing attends to; null: none.</param>
    public Tensor forward(Tensor tokens, BranchModulation modulation, RotaryPositions positions, KeyMask? mask = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor branch = _attention.forward(modulation.Normed(tokens, _epsilon), positions, mask);
        return modulation.Added(tokens, branch).MoveToOuterDisposeScope();
    }

    private sealed class ParallelAttention : nn.Module
    {
        private readonly Linear _in, _out;
        private readonly RmsNorm _queryNorm, _keyNorm;
        private readonly Flux2TransformerConfig _config;

        public ParallelAttention(Flux2TransformerConfig config, Placement placement)
            : base(nameof(ParallelAttention))
        {
            _config = config;
            _in = this.Add(
                "to_qkv_mlp_proj", new Linear(config.Width, (3 * config.Width) + (2 * config.InnerWidth), placement, bias: false));
            _out = this.Add("to_out", new Linear(config.Width + config.InnerWidth, config.Width, placement, bias: false));
            _queryNorm = this.Add("norm_q", new RmsNorm(config.HeadWidth, config.NormEpsilon, placement));
            _keyNorm = this.Add("norm_k", new RmsNorm(config.HeadWidth, config.NormEpsilon, placement));
        }

        public Tensor forward(Tensor tokens, RotaryPositions positions, KeyMask? mask)
        {
            using DisposeScope scope = NewDisposeScope();
            int width = _config.Width, inner = _config.InnerWidth;
            Tensor[] parts = _in.forward(tokens).split([width, width, width, inner, inner], -1);
            Tensor query = positions.Turn(_queryNorm.forward(Heads(parts[0])));
            Tensor key = positions.Turn(_keyNorm.forward(Heads(parts[1])));
            Tensor mixed = HeadAttention.Attend(query, key, Heads(parts[2]), mask);
            Tensor gated = nn.functional.silu(parts[3]).mul(parts[4]);
            return _out.forward(cat([mixed, gated], -1)).MoveToOuterDisposeScope();
        }

        private Tensor Heads(Tensor tokens) => HeadAttention.Split(tokens, _config.HeadCount);
    }
}
