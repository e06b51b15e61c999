using System.Globalization;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// Gemma 2's decoder as a text encoder (transformers: Gemma2Model): causal, in some blocks within a window, and no token attends to
/// padding. The head that predicts tokens is not built. Parameters have the names of checkpoints without a head
/// (<c>layers.0.self_attn.q_proj.weight</c>, ...).
/// </summary>
internal sealed class Gemma2Model : nn.Module, IPartlyLoaded
{
    private readonly Embedding _embedding;
    private readonly IReadOnlyList<Gemma2Block> _blocks;
    private readonly UnitOffsetRmsNorm _finalNorm;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="softCaps">
    /// Whether scores of attention are soft-capped, as the model was trained; transformers leaves that out of its fused attention, which
    /// it takes by default.
    /// </param>
    /// <param name="placement">Where and in which type.</param>
    public Gemma2Model(Gemma2Config config, bool softCaps, Placement placement)
        : base(nameof(Gemma2Model))
    {
        Config = config;
        Placement = placement;
        double? cap = softCaps ? config.AttentionCap : null;
        _embedding = this.Add("embed_tokens", new Embedding(config.VocabularySize, config.Width, placement));
        _blocks = this.AddList("layers", Enumerable.Range(0, config.LayerCount).Select(_ => new Gemma2Block(config, cap, placement)));
        _finalNorm = this.Add("norm", new UnitOffsetRmsNorm(config.Width, config.NormEpsilon, placement));
    }

    /// <summary>What the network was built by.</summary>
    public Gemma2Config Config { get; }

    private Placement Placement { get; }

    /// <summary>Runs blocks and keeps a vector of each.</summary>
    /// <param name="inputIds">Token ids, <c>[B, T]</c> int64, padding included.</param>
    /// <param name="attentionMask">1 for tokens, 0 for padding, which comes after them, <c>[B, T]</c> int64; null: there is none.</param>
    /// <param name="blocks">How many blocks are run; null: all.</param>
    /// <param name="run">How; null: as the model itself runs them.</param>
    /// <returns>h^0 (the scaled embeddings) to h^L, each <c>[B, T, width]</c>, before the final norm.</returns>
    public TextTrace Trace(Tensor inputIds, Tensor? attentionMask, int? blocks = null, EncoderRun? run = null)
    {
        using DisposeScope scope = NewDisposeScope();
        long length = inputIds.shape[1];
        RotaryHalves positions = RotaryHalves.Of(length, Config.HeadWidth, Config.RotaryTheta, Placement);
        Tensor all = Mask(length, attentionMask, window: null), near = Mask(length, attentionMask, Config.Window);

        // The root is a number of the network's type: in bfloat16 that of 24 is 4.90625.
        Tensor embeddings = _embedding.forward(inputIds).mul(tensor(Math.Sqrt(Config.Width), Placement.DType, Placement.Device));
        return EncoderWalk
            .Run(
                embeddings,
                blocks ?? _blocks.Count,
                run,
                (block, input) => _blocks[block].forward(input, positions, Config.HasWindow[block] ? near : all))
            .MoveToOuterDisposeScope();
    }

    /// <summary>The norm after the last block: <c>[..., width] → [..., width]</c>.</summary>
    public Tensor FinalNorm(Tensor hiddenState) => _finalNorm.forward(hiddenState);

    /// <summary>ln_f with values of its own, which outlives the network.</summary>
    internal UnitOffsetRmsNorm CopyFinalNorm() => _finalNorm.Copy();

    /// <inheritdoc/>
    public bool LeavesOut(string name) => name == "lm_head.weight"
        || (name.Split('.') is ["layers", _, "self_attn", "rotary_emb", "inv_freq"] layer
            && int.TryParse(layer[1], NumberStyles.None, CultureInfo.InvariantCulture, out _));

    /// <summary>
    /// The type's least number at what comes later, lies before the window, or is padding, so that a row that sees nothing (padding far
    /// behind the text) sees all alike, and is no NaN: <c>[1 or B, 1, T, T]</c>.
    /// </summary>
    private Tensor Mask(long length, Tensor? attentionMask, int? window)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar least = finfo(Placement.DType).min, padding = 0L;
        Tensor everywhere = ones(length, length, dtype: ScalarType.Bool, device: Placement.Device);
        Tensor hidden = everywhere.triu(1);
        if (window is { } seen)
        {
            hidden = hidden.logical_or(everywhere.tril(-seen));
        }

        hidden = hidden.unsqueeze(0).unsqueeze(0);
        if (attentionMask is not null)
        {
            hidden = hidden.logical_or(attentionMask.eq(padding).unsqueeze(1).unsqueeze(1));
        }

        return zeros(hidden.shape, Placement.DType, Placement.Device).masked_fill(hidden, least).MoveToOuterDisposeScope();
    }
}
