using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using Embedding = DiffusionLens.Layers.Embedding;
using LayerNorm = DiffusionLens.Layers.LayerNorm;
using Linear = DiffusionLens.Layers.Linear;

namespace Training.Language;

/// <summary>
/// Writes the answers of T5's task from the encoder's states. Shallow, so that understanding is left to the encoder; not kept after the
/// training.
/// </summary>
internal sealed class SpanDecoder : nn.Module
{
    private const int Heads = 4, BlockCount = 2;

    private readonly Embedding _tokens, _positions;
    private readonly IReadOnlyList<Block> _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _logits;

    public SpanDecoder(int vocabularySize, int width, int longest, Placement placement)
        : base(nameof(SpanDecoder))
    {
        _tokens = this.Add("tokens", new Embedding(vocabularySize, width, placement));
        _positions = this.Add("positions", new Embedding(longest, width, placement));
        _blocks = this.AddList("blocks", Enumerable.Range(0, BlockCount).Select(_ => new Block(width, placement)));
        _norm = this.Add("norm", new LayerNorm(width, 1e-5, placement));
        _logits = this.Add("logits", new Linear(width, vocabularySize, placement, bias: false));
    }

    /// <summary>Logits of each next token, <c>[B, S, vocabulary]</c>.</summary>
    /// <param name="written">What is written so far, <c>[B, S]</c> int64.</param>
    /// <param name="states">The encoder's normed states, <c>[B, T, width]</c>.</param>
    /// <param name="padding">Where these are padding, <c>[B, 1, 1, T]</c> bool.</param>
    public Tensor forward(Tensor written, Tensor states, Tensor padding)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _tokens.forward(written).Plus(_positions.forward(arange(written.shape[1], ScalarType.Int64)));
        foreach (Block block in _blocks)
        {
            h = block.forward(h, states, padding);
        }

        return _logits.forward(_norm.forward(h)).MoveToOuterDisposeScope();
    }

    /// <summary>Causal attention, attention to the encoder's states, and a feed-forward layer, each after a norm.</summary>
    private sealed class Block : nn.Module
    {
        private readonly LayerNorm _norm1, _norm2, _norm3;
        private readonly Linear _ownIn, _ownOut, _query, _keyValue, _out, _in, _fc2;

        public Block(int width, Placement placement)
            : base(nameof(Block))
        {
            _norm1 = this.Add("norm1", new LayerNorm(width, 1e-5, placement));
            _norm2 = this.Add("norm2", new LayerNorm(width, 1e-5, placement));
            _norm3 = this.Add("norm3", new LayerNorm(width, 1e-5, placement));
            _ownIn = this.Add("own_in", new Linear(width, 3 * width, placement));
            _ownOut = this.Add("own_out_proj", new Linear(width, width, placement));
            _query = this.Add("query", new Linear(width, width, placement));
            _keyValue = this.Add("key_value", new Linear(width, 2 * width, placement));
            _out = this.Add("cross_out_proj", new Linear(width, width, placement));
            _in = this.Add("fc1", new Linear(width, 4 * width, placement));
            _fc2 = this.Add("fc2", new Linear(4 * width, width, placement));
        }

        public Tensor forward(Tensor input, Tensor states, Tensor padding)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor[] own = [.. _ownIn.forward(_norm1.forward(input)).chunk(3, -1)
                .Select(part => HeadAttention.Split(part.contiguous(), Heads))];
            Tensor h = input.Plus(_ownOut.forward(HeadAttention.Attend(own[0], own[1], own[2], causal: true)));

            Tensor query = HeadAttention.Split(_query.forward(_norm2.forward(h)), Heads);
            Tensor[] other = [.. _keyValue.forward(states).chunk(2, -1).Select(part => HeadAttention.Split(part.contiguous(), Heads))];
            using Scalar never = double.NegativeInfinity;
            Tensor weights = query.Times(1 / Math.Sqrt(query.shape[3]))
                .matmul(other[0].transpose(2, 3)).masked_fill(padding, never).softmax(-1);
            h = h.Plus(_out.forward(weights.matmul(other[1]).transpose(1, 2).flatten(2)));
            return h.Plus(_fc2.forward(nn.functional.gelu(_in.forward(_norm3.forward(h))))).MoveToOuterDisposeScope();
        }
    }
}
