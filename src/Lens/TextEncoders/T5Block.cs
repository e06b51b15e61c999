using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// One block F_l of T5's encoder: pre-norm self-attention, then a pre-norm gated feed-forward layer (transformers: T5Block);
/// <c>[B, T, width] → [B, T, width]</c>. No linear map has a bias.
/// </summary>
internal sealed class T5Block : nn.Module
{
    private readonly AttentionLayer _attention;
    private readonly FeedForwardLayer _feedForward;

    /// <param name="config">The network's sizes.</param>
    /// <param name="holdsBias">The first block holds the table of attention biases for all.</param>
    /// <param name="placement">Where and in which type.</param>
    public T5Block(T5Config config, bool holdsBias, Placement placement)
        : base(nameof(T5Block))
    {
        _attention = new AttentionLayer(config, holdsBias, placement);
        _feedForward = new FeedForwardLayer(config, placement);
        this.AddList<nn.Module>("layer", [_attention, _feedForward]);
    }

    /// <summary>The attention itself, whose bias table the first block lends to all.</summary>
    public T5Attention Attention => _attention.Attention;

    /// <param name="hiddenState"><c>[B, T, width]</c>.</param>
    /// <param name="bias">Added to the attention's scores: <c>[1 or B, heads, T, T]</c>.</param>
    public BlockStates forward(Tensor hiddenState, Tensor bias)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = _attention.forward(hiddenState, bias);
        Tensor h = hiddenState.Plus(attended);
        Tensor added = _feedForward.forward(h);
        return new BlockStates(attended, h, added, h.Plus(added)).MoveToOuterDisposeScope();
    }

    /// <summary>What the attention adds.</summary>
    private sealed class AttentionLayer : nn.Module
    {
        private readonly RmsNorm _norm;

        public AttentionLayer(T5Config config, bool holdsBias, Placement placement)
            : base(nameof(AttentionLayer))
        {
            Attention = this.Add("SelfAttention", new T5Attention(config, holdsBias, placement));
            _norm = this.Add("layer_norm", new RmsNorm(config.Width, config.NormEpsilon, placement));
        }

        public T5Attention Attention { get; }

        public Tensor forward(Tensor hiddenState, Tensor bias) => Attention.forward(_norm.forward(hiddenState), bias);
    }

    /// <summary>What the feed-forward layer adds.</summary>
    private sealed class FeedForwardLayer : nn.Module
    {
        private readonly GatedFeedForward _feedForward;
        private readonly RmsNorm _norm;

        public FeedForwardLayer(T5Config config, Placement placement)
            : base(nameof(FeedForwardLayer))
        {
            _feedForward = this.Add("DenseReluDense", new GatedFeedForward(config, placement));
            _norm = this.Add("layer_norm", new RmsNorm(config.Width, config.NormEpsilon, placement));
        }

        public Tensor forward(Tensor hiddenState) => _feedForward.forward(_norm.forward(hiddenState));
    }

    /// <summary><c>W_o (gelu(W_0 x) · W_1 x)</c>.</summary>
    private sealed class GatedFeedForward : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _gate, _in, _out;
        private readonly Func<Tensor, Tensor> _activation = Activation.Named("gelu_new", "dense_act_fn");
        private readonly ScalarType _outType;

        public GatedFeedForward(T5Config config, Placement placement)
            : base(nameof(GatedFeedForward))
        {
            // T5's states outgrow float16: there the last map, and with it the sum over the blocks, is kept in float32, as transformers
            // does.
            _outType = placement.DType == ScalarType.Float16 ? ScalarType.Float32 : placement.DType;
            _gate = this.Add("wi_0", new Linear(config.Width, config.InnerWidth, placement, bias: false));
            _in = this.Add("wi_1", new Linear(config.Width, config.InnerWidth, placement, bias: false));
            _out = this.Add("wo", new Linear(config.InnerWidth, config.Width, placement with { DType = _outType }, bias: false));
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor inner = _activation(_gate.forward(input)).mul(_in.forward(input));
            return _out.forward(inner.to(_outType)).MoveToOuterDisposeScope();
        }
    }
}
