using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// A block of FLUX.2 in which text and image have weights of their own and attend to each other (diffusers: Flux2TransformerBlock). No
/// linear map has a bias.
/// </summary>
internal sealed class Flux2DoubleBlock : nn.Module
{
    private readonly JointHeads _attention;
    private readonly FusedSwiGlu _imageFeedForward, _textFeedForward;
    private readonly double _epsilon;

    public Flux2DoubleBlock(Flux2TransformerConfig config, Placement placement)
        : base(nameof(Flux2DoubleBlock))
    {
        _epsilon = config.NormEpsilon;
        _attention = this.Add("attn", new JointHeads(config, placement));
        _imageFeedForward = this.Add("ff", new FusedSwiGlu(config, placement));
        _textFeedForward = this.Add("ff_context", new FusedSwiGlu(config, placement));
    }

    /// <param name="states">Both streams' tokens.</param>
    /// <param name="image">What time does to the image's two branches.</param>
    /// <param name="text">And to the text's.</param>
    /// <param name="positions">Of the text's tokens, then the image's.</param>
    /// <param name="mask">Rows of the text that nothing attends to; null: none.</param>
    public JointStates forward(
        JointStates states, BranchModulation[] image, BranchModulation[] text, RotaryPositions positions, KeyMask? mask = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor textNormed = text[0].Normed(states.Text, _epsilon), imageNormed = image[0].Normed(states.Image, _epsilon);
        JointStates mixed = _attention.forward(new JointStates(imageNormed, textNormed), positions, mask);
        Tensor h = image[0].Added(states.Image, mixed.Image), c = text[0].Added(states.Text, mixed.Text);
        h = image[1].Added(h, _imageFeedForward.forward(image[1].Normed(h, _epsilon)));
        c = text[1].Added(c, _textFeedForward.forward(text[1].Normed(c, _epsilon)));
        return new JointStates(h.MoveToOuterDisposeScope(), c.MoveToOuterDisposeScope());
    }

    /// <summary>One attention over the text's and the image's tokens, the text's first.</summary>
    private sealed class JointHeads : nn.Module
    {
        private readonly Flux2Heads _image, _text;
        private readonly IReadOnlyList<Linear> _imageOutput;
        private readonly Linear _textOutput;

        public JointHeads(Flux2TransformerConfig config, Placement placement)
            : base(nameof(JointHeads))
        {
            _image = new Flux2Heads(this, config, new("to_q", "to_k", "to_v", "norm_q", "norm_k"), placement);
            _text = new Flux2Heads(
                this, config, new("add_q_proj", "add_k_proj", "add_v_proj", "norm_added_q", "norm_added_k"), placement);
            _imageOutput = this.AddList("to_out", [new Linear(config.Width, config.Width, placement, bias: false)]);
            _textOutput = this.Add("to_add_out", new Linear(config.Width, config.Width, placement, bias: false));
        }

        public JointStates forward(JointStates tokens, RotaryPositions positions, KeyMask? mask)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor query = positions.Turn(cat([_text.Query(tokens.Text), _image.Query(tokens.Image)], 2));
            Tensor key = positions.Turn(cat([_text.Key(tokens.Text), _image.Key(tokens.Image)], 2));
            Tensor value = cat([_text.Value(tokens.Text), _image.Value(tokens.Image)], 2);
            Tensor mixed = HeadAttention.Attend(query, key, value, mask);
            long length = tokens.Text.shape[1];
            Tensor text = _textOutput.forward(mixed.narrow(1, 0, length));
            Tensor image = _imageOutput[0].forward(mixed.narrow(1, length, mixed.shape[1] - length));
            return new JointStates(image.MoveToOuterDisposeScope(), text.MoveToOuterDisposeScope());
        }
    }

    /// <summary>A stream's queries, keys and values, the former two normed head by head; registered on the attention.</summary>
    private sealed class Flux2Heads
    {
        private readonly Linear _query, _key, _value;
        private readonly RmsNorm _queryNorm, _keyNorm;
        private readonly int _heads;

        public Flux2Heads(nn.Module attention, Flux2TransformerConfig config, Names names, Placement placement)
        {
            _heads = config.HeadCount;
            _query = attention.Add(names.Query, new Linear(config.Width, config.Width, placement, bias: false));
            _key = attention.Add(names.Key, new Linear(config.Width, config.Width, placement, bias: false));
            _value = attention.Add(names.Value, new Linear(config.Width, config.Width, placement, bias: false));
            _queryNorm = attention.Add(names.QueryNorm, new RmsNorm(config.HeadWidth, config.NormEpsilon, placement));
            _keyNorm = attention.Add(names.KeyNorm, new RmsNorm(config.HeadWidth, config.NormEpsilon, placement));
        }

        public Tensor Query(Tensor tokens) => _queryNorm.forward(HeadAttention.Split(_query.forward(tokens), _heads));

        public Tensor Key(Tensor tokens) => _keyNorm.forward(HeadAttention.Split(_key.forward(tokens), _heads));

        public Tensor Value(Tensor tokens) => HeadAttention.Split(_value.forward(tokens), _heads);

        public sealed record Names(string Query, string Key, string Value, string QueryNorm, string KeyNorm);
    }

    /// <summary><c>W_out (silu(first half of W_in x) · second half)</c>.</summary>
    private sealed class FusedSwiGlu : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _in, _out;

        public FusedSwiGlu(Flux2TransformerConfig config, Placement placement)
            : base(nameof(FusedSwiGlu))
        {
            _in = this.Add("linear_in", new Linear(config.Width, 2 * config.InnerWidth, placement, bias: false));
            _out = this.Add("linear_out", new Linear(config.InnerWidth, config.Width, placement, bias: false));
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor[] halves = _in.forward(input).chunk(2, -1);
            return _out.forward(nn.functional.silu(halves[0]).mul(halves[1])).MoveToOuterDisposeScope();
        }
    }
}
