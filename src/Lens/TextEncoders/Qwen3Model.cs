using System.Globalization;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// The decoder of Qwen3, or the language part of Qwen2.5-VL, as a text encoder (transformers: Qwen3Model, Qwen2_5_VLTextModel): causal, and
/// no token attends to padding. Only its first blocks are built where a denoiser reads no deeper; the head that predicts tokens is not, nor
/// is what sees images. Parameters have the names of checkpoints without a head (<c>layers.0.self_attn.q_proj.weight</c>, ...).
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

    /// <summary>Runs the blocks that were built and keeps every state.</summary>
    /// <param name="inputIds">Token ids, <c>[B, T]</c> int64, padding included.</param>
    /// <param name="attentionMask">1 for tokens, 0 for padding, which comes after them, <c>[B, T]</c> int64; null: there is none.</param>
    /// <returns>
    /// h^0 (the embeddings) to the last block built, each <c>[B, T, width]</c>, before any norm. States of padding are those that the
    /// padding's token has after the tokens alone.
    /// </returns>
    public TextTrace Trace(Tensor inputIds, Tensor? attentionMask)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> states = [_embedding.forward(inputIds)];
        RotaryHalves positions = RotaryHalves.Of(inputIds.shape[1], Config.HeadWidth, Config.RotaryTheta, Placement);
        Tensor mask = Mask(inputIds.shape[1], attentionMask);
        foreach (Qwen3Block block in _blocks)
        {
            states.Add(block.forward(states[^1], positions, mask));
        }

        return new TextTrace([.. states.Select(state => state.MoveToOuterDisposeScope())]);
    }

    /// <summary>The norm after the last of all L blocks, which no image model here reads: <c>[..., width] → [..., width]</c>.</summary>
    public Tensor FinalNorm(Tensor hiddenState) => _finalNorm.forward(hiddenState);

    /// <summary>ln_f with values of its own, which outlives the network.</summary>
    internal RmsNorm CopyFinalNorm() => _finalNorm.Copy();

    /// <inheritdoc/>
    public bool LeavesOut(string name) => name == "lm_head.weight" || IsOfVision(name)
        || (name.Split('.') is ["layers", string number, ..]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
            && layer >= _blocks.Count && layer < Config.LayerCount);

    /// <summary>Whether a tensor is of Qwen2.5-VL's vision tower, which text does not go through.</summary>
    private bool IsOfVision(string name) => Config.HasVision
        && (name.StartsWith("visual.", StringComparison.Ordinal) || name.StartsWith("model.visual.", StringComparison.Ordinal));

    /// <summary>Minus infinity at what comes later and at padding: <c>[1 or B, 1, T, T]</c>.</summary>
    private Tensor Mask(long length, Tensor? attentionMask)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar never = double.NegativeInfinity, padding = 0L;
        Tensor hidden = ones(length, length, dtype: ScalarType.Bool, device: Placement.Device).triu(1).unsqueeze(0).unsqueeze(0);
        if (attentionMask is not null)
        {
            hidden = hidden.logical_or(attentionMask.eq(padding).unsqueeze(1).unsqueeze(1));
        }

        return zeros(hidden.shape, Placement.DType, Placement.Device).masked_fill(hidden, never).MoveToOuterDisposeScope();
    }
}
