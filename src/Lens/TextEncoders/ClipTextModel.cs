using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// CLIP's text encoder (transformers: CLIPTextModel, and CLIPTextModelWithProjection, which projects its pooled vector): causal, no padding
/// mask, so that padding is attended to like any token.
/// Parameters have the checkpoint's names (<c>text_model.encoder.layers.0.self_attn.q_proj.weight</c>, ...).
/// </summary>
public sealed class ClipTextModel : nn.Module
{
    private readonly ClipTextTransformer _textModel;
    private readonly Linear? _projection;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="hasProjection">Whether it is a CLIPTextModelWithProjection.</param>
    public ClipTextModel(ClipTextConfig config, Placement placement, bool hasProjection = false)
        : base(nameof(ClipTextModel))
    {
        Config = config;
        _textModel = this.Add("text_model", new ClipTextTransformer(config, placement));
        _projection = hasProjection
            ? this.Add("text_projection", new Linear(config.Width, config.ProjectionWidth, placement, bias: false))
            : null;
    }

    /// <summary>What the network was built by.</summary>
    public ClipTextConfig Config { get; }

    /// <summary>Runs the blocks and keeps every state.</summary>
    /// <param name="inputIds">Token ids, <c>[B, T]</c> int64, start and end tokens and padding included.</param>
    /// <param name="blocks">How many blocks, from the first; null: all.</param>
    /// <param name="run">Which blocks run how often, and what of each is kept; null: all once, their outputs.</param>
    /// <param name="attentionMask">
    /// 1 for tokens, 0 for padding, which then no token attends to, <c>[B, T]</c> int64; null: padding is attended to.
    /// </param>
    /// <returns>h^0 ... h^L (or as far as was run) before ln_f, each <c>[B, T, width]</c>.</returns>
    public TextTrace Trace(Tensor inputIds, int? blocks = null, EncoderRun? run = null, Tensor? attentionMask = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor embeddings = _textModel.Embed(inputIds);
        Tensor? mask = attentionMask is null ? null : CausalMask.Of(inputIds.shape[1], attentionMask, embeddings.dtype, embeddings.device);
        return EncoderWalk
            .Run(embeddings, blocks ?? Config.LayerCount, run, (block, input) => _textModel.Blocks[block].forward(input, mask))
            .MoveToOuterDisposeScope();
    }

    /// <summary>ln_f: <c>[..., width] → [..., width]</c>.</summary>
    public Tensor FinalNorm(Tensor hiddenState) => _textModel.FinalNorm.forward(hiddenState);

    /// <summary>
    /// What stands for the whole text: the state at its end token (<see cref="ClipTextConfig.EndToken"/>), projected where there is a
    /// projection.
    /// </summary>
    /// <param name="state"><c>[1, T, width]</c>, of the last block and normed as the model has it; of any other too.</param>
    /// <param name="ids">The text's T token ids.</param>
    /// <returns><c>[1, width]</c>, or <c>[1, projection width]</c>.</returns>
    public Tensor Pool(Tensor state, IReadOnlyList<int> ids)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pooled = state.select(1, Config.PooledPosition(ids));
        return (_projection?.forward(pooled) ?? pooled.alias()).MoveToOuterDisposeScope();
    }

    /// <summary>A copy of what comes after the blocks, which outlives the network.</summary>
    internal ClipTextHead CopyHead() => new(Config, _textModel.FinalNorm, _projection);

    private sealed class ClipTextTransformer : nn.Module
    {
        private readonly ClipTextEmbeddings _embeddings;

        public ClipTextTransformer(ClipTextConfig config, Placement placement)
            : base(nameof(ClipTextTransformer))
        {
            _embeddings = this.Add("embeddings", new ClipTextEmbeddings(config, placement));
            Blocks = this.Add("encoder", new ClipEncoder(config, placement)).Blocks;
            FinalNorm = this.Add("final_layer_norm", new LayerNorm(config.Width, config.NormEpsilon, placement));
        }

        public IReadOnlyList<ClipEncoderLayer> Blocks { get; }

        public LayerNorm FinalNorm { get; }

        public Tensor Embed(Tensor inputIds) => _embeddings.forward(inputIds);
    }

    private sealed class ClipTextEmbeddings : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding _tokens, _positions;

        public ClipTextEmbeddings(ClipTextConfig config, Placement placement)
            : base(nameof(ClipTextEmbeddings))
        {
            _tokens = this.Add("token_embedding", new Embedding(config.VocabularySize, config.Width, placement));
            _positions = this.Add("position_embedding", new Embedding(config.Positions, config.Width, placement));
        }

        public override Tensor forward(Tensor inputIds)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor positions = arange(inputIds.shape[1], dtype: ScalarType.Int64, device: inputIds.device);
            return _tokens.forward(inputIds).Plus(_positions.forward(positions)).MoveToOuterDisposeScope();
        }
    }

    private sealed class ClipEncoder : nn.Module
    {
        public ClipEncoder(ClipTextConfig config, Placement placement)
            : base(nameof(ClipEncoder))
            => Blocks = this.AddList(
                "layers", Enumerable.Range(0, config.LayerCount).Select(_ => new ClipEncoderLayer(config.Block, placement)));

        public IReadOnlyList<ClipEncoderLayer> Blocks { get; }
    }
}
