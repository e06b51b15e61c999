using System.Globalization;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// Qwen3's decoder as a text encoder (transformers: Qwen3Model): causal, and no token attends to padding. Only its first blocks are built
/// where a denoiser reads no deeper; the head that predicts tokens is not. Parameters have the names of checkpoints without a head
/// (<c>layers.0.self_attn.q_proj.weight</c>, ...).
/// </summary>
internal sealed class Qwen3Model : nn.Module, IPartlyLoaded
{
    private readonly Embedding _embedding;
    private readonly IReadOnlyList<Qwen3Block> _blocks;
    private readonly RmsNorm _finalNorm;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="blocks">How many blocks are built, 1 to L.</param>
    /// <param name="placement">Where and in which type.</param>
    public Qwen3Model(Qwen3Config config, int blocks, Placement placement)
        : base(nameof(Qwen3Model))
    {
        Config = config;
        Placement = placement;
        _embedding = this.Add("embed_tokens", new Embedding(config.VocabularySize, config.Width, placement));
        _blocks = this.AddList("layers", Enumerable.Range(0, blocks).Select(_ => new Qwen3Block(config, placement)));
        _finalNorm = this.Add("norm", new RmsNorm(config.Width, config.NormEpsilon, placement));
    }

    /// <summary>What the network was built by.</summary>
    public Qwen3Config Config { get; }

    private Placement Placement { get; }

    /// <summary>Runs the blocks and keeps a state of every one.</summary>
    /// <param name="inputIds">Token ids, <c>[B, T]</c> int64, padding included.</param>
    /// <param name="attentionMask">1 for tokens, 0 for padding, which comes after them, <c>[B, T]</c> int64; null: there is none.</param>
    /// <param name="blocks">How many blocks, from the first; null: all that were built.</param>
    /// <param name="run">Which blocks run how often, and what of each is kept; null: all once, their outputs.</param>
    /// <returns>
    /// h^0 (the embeddings) to the last block run, each <c>[B, T, width]</c>, before any norm. States of padding are those that the
    /// padding's token has after the tokens alone.
    /// </returns>
    public TextTrace Trace(Tensor inputIds, Tensor? attentionMask, int? blocks = null, EncoderRun? run = null)
    {
        using DisposeScope scope = NewDisposeScope();
        RotaryHalves positions = RotaryHalves.Of(inputIds.shape[1], Config.HeadWidth, Config.RotaryTheta, Placement);
        Tensor mask = CausalMask.Of(inputIds.shape[1], attentionMask, Placement.DType, Placement.Device);
        return EncoderWalk
            .Run(
                _embedding.forward(inputIds),
                blocks ?? _blocks.Count,
                run,
                (block, input) => _blocks[block].forward(input, positions, mask))
            .MoveToOuterDisposeScope();
    }

    /// <summary>The norm after the last of all L blocks, which no image model here reads: <c>[..., width] → [..., width]</c>.</summary>
    public Tensor FinalNorm(Tensor hiddenState) => _finalNorm.forward(hiddenState);

    /// <summary>ln_f with values of its own, which outlives the network.</summary>
    internal RmsNorm CopyFinalNorm() => _finalNorm.Copy();

    /// <inheritdoc/>
    public bool LeavesOut(string name) => name == "lm_head.weight"
        || (name.Split('.') is ["layers", string number, ..]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
            && layer >= _blocks.Count && layer < Config.LayerCount);
}
