using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// T5 v1.1's encoder (transformers: T5EncoderModel). Tokens attend to all tokens that are no padding, with a bias for each distance that
/// the first block holds for all. Parameters have the checkpoint's names (<c>encoder.block.0.layer.0.SelfAttention.q.weight</c>, ...).
/// </summary>
public sealed class T5EncoderModel : nn.Module
{
    private readonly Embedding _embedding;
    private readonly T5Stack _encoder;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public T5EncoderModel(T5Config config, Placement placement)
        : base(nameof(T5EncoderModel))
    {
        Config = config;
        _embedding = this.Add("shared", new Embedding(config.VocabularySize, config.Width, placement));
        _encoder = this.Add("encoder", new T5Stack(config, placement));
    }

    /// <summary>What the network was built by.</summary>
    public T5Config Config { get; }

    /// <summary>Runs the blocks and keeps a state of every one.</summary>
    /// <param name="inputIds">Token ids, <c>[B, T]</c> int64, the end token and padding included.</param>
    /// <param name="attentionMask">
    /// 1 for tokens, 0 for padding, which no token attends to, <c>[B, T]</c> int64; null: all are attended to.
    /// </param>
    /// <param name="blocks">How many blocks, from the first; null: all.</param>
    /// <param name="run">
    /// Which blocks run how often, and what of each is kept; null: all once, their outputs. The first block's table of biases serves all
    /// blocks even where the block itself is left out.
    /// </param>
    /// <returns>
    /// h^0 ... h^L (or as far as was run) before ln_f, the last one too (transformers' own last state is after it), each
    /// <c>[B, T, width]</c>; those of a float16 network are float32 after its first block, because they outgrow float16.
    /// </returns>
    public TextTrace Trace(Tensor inputIds, Tensor? attentionMask, int? blocks = null, EncoderRun? run = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor bias = Bias(inputIds.shape[1], inputIds.device, attentionMask);
        return EncoderWalk
            .Run(
                _embedding.forward(inputIds),
                blocks ?? Config.LayerCount,
                run,
                (block, input) => _encoder.Blocks[block].forward(input, bias))
            .MoveToOuterDisposeScope();
    }

    /// <summary>ln_f: <c>[..., width] → [..., width]</c> in the network's type.</summary>
    public Tensor FinalNorm(Tensor hiddenState) => _encoder.FinalNorm.forward(hiddenState);

    /// <summary>A copy of ln_f, which outlives the network.</summary>
    internal RmsNorm CopyFinalNorm() => _encoder.FinalNorm.Copy();

    /// <summary>What is added to the scores of every block's attention: the bias of distances, and minus infinity at padding.</summary>
    internal Tensor Bias(long length, Device device, Tensor? attentionMask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor bias = _encoder.Blocks[0].Attention.DistanceBias(length, device);
        if (attentionMask is not null)
        {
            using Scalar padding = 0L, never = double.NegativeInfinity;
            Tensor hidden = attentionMask.eq(padding).unsqueeze(1).unsqueeze(1).expand(-1, bias.shape[1], length, -1);
            bias = bias.expand(attentionMask.shape[0], -1, -1, -1).masked_fill(hidden, never);
        }

        return bias.MoveToOuterDisposeScope();
    }

    private sealed class T5Stack : nn.Module
    {
        public T5Stack(T5Config config, Placement placement)
            : base(nameof(T5Stack))
        {
            Blocks = this.AddList("block", Enumerable.Range(0, config.LayerCount)
                .Select(block => new T5Block(config, holdsBias: block == 0, placement)));
            FinalNorm = this.Add("final_layer_norm", new RmsNorm(config.Width, config.NormEpsilon, placement));
        }

        public IReadOnlyList<T5Block> Blocks { get; }

        public RmsNorm FinalNorm { get; }
    }
}
