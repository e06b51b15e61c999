using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using LayerNorm = DiffusionLens.Layers.LayerNorm;
using Linear = DiffusionLens.Layers.Linear;

namespace DiffusionLens.Denoisers;

/// <summary>The text's share of the time embedding: all tokens, pooled by attention (diffusers: TextTimeEmbedding).</summary>
internal sealed class TextTimeEmbedding : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;

    private readonly LayerNorm _norm1, _norm2;
    private readonly AttentionPooling _pool;
    private readonly Linear _projection;

    public TextTimeEmbedding(UNet2DConditionConfig config, Placement placement)
        : base(nameof(TextTimeEmbedding))
    {
        int width = config.Simple!.StateWidth;
        _norm1 = this.Add("norm1", new LayerNorm(width, Epsilon, placement));
        _pool = this.Add("pool", new AttentionPooling(width, config.Simple.PoolHeads, placement));
        _projection = this.Add("proj", new Linear(width, config.TimeWidth, placement));
        _norm2 = this.Add("norm2", new LayerNorm(config.TimeWidth, Epsilon, placement));
    }

    /// <summary><c>[B, T, state width] → [B, time width]</c>.</summary>
    public override Tensor forward(Tensor hiddenState)
    {
        using DisposeScope scope = NewDisposeScope();
        return _norm2.forward(_projection.forward(_pool.forward(_norm1.forward(hiddenState)))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What the tokens' mean, put before them with a position of its own, attends to: <c>[B, T, width] → [B, width]</c>.
    /// </summary>
    private sealed class AttentionPooling : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter _position;
        private readonly Linear _query, _key, _value;
        private readonly int _heads;

        public AttentionPooling(int width, int heads, Placement placement)
            : base(nameof(AttentionPooling))
        {
            _heads = heads;
            _position = this.AddParameter("positional_embedding", placement, 1, width);
            _query = this.Add("q_proj", new Linear(width, width, placement));
            _key = this.Add("k_proj", new Linear(width, width, placement));
            _value = this.Add("v_proj", new Linear(width, width, placement));
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor mean = input.mean([1], keepdim: true).Plus(_position);
            Tensor all = cat([mean, input], 1);
            Tensor query = HeadAttention.Split(_query.forward(mean), _heads);
            Tensor key = HeadAttention.Split(_key.forward(all), _heads), value = HeadAttention.Split(_value.forward(all), _heads);
            return HeadAttention.Attend(query, key, value).squeeze(1).MoveToOuterDisposeScope();
        }
    }
}
