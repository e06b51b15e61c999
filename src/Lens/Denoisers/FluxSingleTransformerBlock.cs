using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// FLUX's block with one stream: attention and feed-forward layer side by side, joined by one map (diffusers:
/// FluxSingleTransformerBlock); <c>[B, S + T, width] → [B, S + T, width]</c>.
/// </summary>
internal sealed class FluxSingleTransformerBlock : nn.Module
{
    private readonly AdaLayerNorm _norm;
    private readonly SelfAttention _attention;
    private readonly Linear _feedForward, _out;
    private readonly Func<Tensor, Tensor> _activation = Activation.Named("gelu_new", "activation_fn");

    public FluxSingleTransformerBlock(JointBlockShape shape, Placement placement)
        : base(nameof(FluxSingleTransformerBlock))
    {
        int width = shape.Width;
        _norm = this.Add("norm", new AdaLayerNorm(width, 3, placement));
        _feedForward = this.Add("proj_mlp", new Linear(width, 4 * width, placement));
        _out = this.Add("proj_out", new Linear(5 * width, width, placement));
        _attention = this.Add("attn", new SelfAttention(shape, placement));
    }

    /// <param name="tokens">The text's, then the image's.</param>
    /// <param name="vector">The activated conditioning vector, <c>[B, width]</c>.</param>
    /// <param name="positions">Where they are.</param>
    /// <param name="mask">Rows of the text that nothing attends to; null: none.</param>
    public Tensor forward(Tensor tokens, Tensor vector, RotaryPositions positions, KeyMask? mask = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = _norm.Parts(vector);
        Tensor normed = AdaLayerNorm.Modulated(tokens, shift: parts[0], scale: parts[1]);
        Tensor both = cat([_attention.forward(normed, positions, mask), _activation(_feedForward.forward(normed))], 2);
        return tokens.Plus(parts[2].mul(_out.forward(both))).MoveToOuterDisposeScope();
    }

    private sealed class SelfAttention : nn.Module
    {
        private readonly HeadProjection _heads;

        public SelfAttention(JointBlockShape shape, Placement placement)
            : base(nameof(SelfAttention)) => _heads = HeadProjection.OfImage(this, shape, placement);

        public Tensor forward(Tensor tokens, RotaryPositions positions, KeyMask? mask)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor query = positions.Turn(_heads.Query(tokens)), key = positions.Turn(_heads.Key(tokens));
            return HeadAttention.Attend(query, key, _heads.Value(tokens), mask).MoveToOuterDisposeScope();
        }
    }
}
