using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Self-attention, cross-attention to the text, gated MLP, each pre-normed and residual (diffusers: BasicTransformerBlock):
/// <c>[B, T, width] → [B, T, width]</c>.
/// </summary>
internal sealed class BasicTransformerBlock : nn.Module
{
    private const double Epsilon = 1e-5;

    private readonly LayerNorm _norm1, _norm2, _norm3;
    private readonly Attention _self;
    private readonly GatedFeedForward _feedForward;

    public BasicTransformerBlock(int width, int heads, UNet2DConditionConfig config, Placement placement)
        : base(nameof(BasicTransformerBlock))
    {
        _norm1 = this.Add("norm1", new LayerNorm(width, Epsilon, placement));
        _self = this.Add("attn1", new Attention(width, width, heads, config.UpcastAttention, placement));
        _norm2 = this.Add("norm2", new LayerNorm(width, Epsilon, placement));
        Cross = this.Add("attn2", new Attention(width, config.TextWidth, heads, config.UpcastAttention, placement));
        _norm3 = this.Add("norm3", new LayerNorm(width, Epsilon, placement));
        _feedForward = this.Add("ff", new GatedFeedForward(width, placement));
    }

    public Attention Cross { get; }

    public Tensor forward(Tensor tokens, CrossAttentionStates text)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = tokens.Plus(_self.Attend(_norm1.forward(tokens)));
        h = h.Plus(Cross.Attend(_norm2.forward(h), text[Cross], text.Mask));
        return h.Plus(_feedForward.forward(_norm3.forward(h))).MoveToOuterDisposeScope();
    }

    /// <summary>GEGLU, then a linear map back. The second half of the projection is the gate.</summary>
    private sealed class GatedFeedForward : nn.Module<Tensor, Tensor>
    {
        private readonly GatedProjection _in;
        private readonly Linear _out;

        public GatedFeedForward(int width, Placement placement)
            : base(nameof(GatedFeedForward))
        {
            // The checkpoint's list is: projection, dropout (no parameters), linear map.
            _in = new GatedProjection(width, 4 * width, placement);
            _out = new Linear(4 * width, width, placement);
            this.AddList<nn.Module>("net", [_in, nn.Identity(), _out]);
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            return _out.forward(_in.forward(input)).MoveToOuterDisposeScope();
        }
    }

    private sealed class GatedProjection : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _projection;

        public GatedProjection(int inputs, int outputs, Placement placement)
            : base(nameof(GatedProjection)) => _projection = this.Add("proj", new Linear(inputs, 2 * outputs, placement));

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor[] halves = _projection.forward(input).chunk(2, -1);
            return nn.functional.gelu(halves[1]).mul_(halves[0]).MoveToOuterDisposeScope();
        }
    }
}
