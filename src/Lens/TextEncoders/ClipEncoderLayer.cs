using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// One block of CLIP's text encoder (F_l), where the attention is causal, or of its image encoder, where it is not: pre-norm attention,
/// then a pre-norm MLP; <c>[B, T, width] → [B, T, width]</c>.
/// </summary>
internal sealed class ClipEncoderLayer : nn.Module
{
    private readonly LayerNorm _norm1, _norm2;
    private readonly ClipAttention _attention;
    private readonly ClipMlp _mlp;

    public ClipEncoderLayer(ClipBlockConfig config, Placement placement)
        : base(nameof(ClipEncoderLayer))
    {
        _attention = this.Add("self_attn", new ClipAttention(config, placement));
        _norm1 = this.Add("layer_norm1", new LayerNorm(config.Width, config.NormEpsilon, placement));
        _mlp = this.Add("mlp", new ClipMlp(config, placement));
        _norm2 = this.Add("layer_norm2", new LayerNorm(config.Width, config.NormEpsilon, placement));
    }

    /// <param name="input"><c>[B, T, width]</c>.</param>
    /// <param name="mask">
    /// Added to the attention's scores in place of the causal mask, <c>[B, 1, T, T]</c>; null: none but, in a text, the causal one.
    /// </param>
    public BlockStates forward(Tensor input, Tensor? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = _attention.forward(_norm1.forward(input), mask);
        Tensor h = input.Plus(attended);
        Tensor added = _mlp.forward(_norm2.forward(h));
        return new BlockStates(attended, h, added, h.Plus(added)).MoveToOuterDisposeScope();
    }

    private sealed class ClipAttention : nn.Module
    {
        private readonly Linear _query, _key, _value, _output;
        private readonly int _heads;
        private readonly bool _isCausal;

        public ClipAttention(ClipBlockConfig config, Placement placement)
            : base(nameof(ClipAttention))
        {
            _heads = config.HeadCount;
            _isCausal = config.IsCausal;
            _key = this.Add("k_proj", new Linear(config.Width, config.Width, placement));
            _value = this.Add("v_proj", new Linear(config.Width, config.Width, placement));
            _query = this.Add("q_proj", new Linear(config.Width, config.Width, placement));
            _output = this.Add("out_proj", new Linear(config.Width, config.Width, placement));
        }

        public Tensor forward(Tensor input, Tensor? mask)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor query = HeadAttention.Split(_query.forward(input), _heads);
            Tensor key = HeadAttention.Split(_key.forward(input), _heads);
            Tensor value = HeadAttention.Split(_value.forward(input), _heads);
            Tensor mixed = mask is null
                ? HeadAttention.Attend(query, key, value, causal: _isCausal)
                : HeadAttention.AttendMasked(query, key, value, mask);
            return _output.forward(mixed).MoveToOuterDisposeScope();
        }
    }

    private sealed class ClipMlp : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _in, _out;
        private readonly Func<Tensor, Tensor> _activation;

        public ClipMlp(ClipBlockConfig config, Placement placement)
            : base(nameof(ClipMlp))
        {
            _activation = Activation.Named(config.Activation, "hidden_act");
            _in = this.Add("fc1", new Linear(config.Width, config.InnerWidth, placement));
            _out = this.Add("fc2", new Linear(config.InnerWidth, config.Width, placement));
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            return _out.forward(_activation(_in.forward(input))).MoveToOuterDisposeScope();
        }
    }
}
