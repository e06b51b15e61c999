using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// FLUX.1's denoiser: a transformer over 2×2 latents and the text's tokens, first in two streams, then in one (diffusers:
/// FluxTransformer2DModel). Parameters have the checkpoint's names (<c>single_transformer_blocks.0.attn.to_q.weight</c>, ...).
/// </summary>
public sealed class FluxTransformer2DModel : nn.Module
{
    private const double Theta = 10_000, Thousand = 1000, LargestHalf = 65_504;

    private readonly TimeTextVector _vector;
    private readonly Linear _context, _in, _out;
    private readonly IReadOnlyList<JointTransformerBlock> _blocks;
    private readonly IReadOnlyList<FluxSingleTransformerBlock> _singleBlocks;
    private readonly AdaLayerNorm _norm;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public FluxTransformer2DModel(FluxTransformerConfig config, Placement placement)
        : base(nameof(FluxTransformer2DModel))
    {
        Config = config;
        JointBlockShape shape = config.BlockShape();
        _vector = this.Add("time_text_embed", new TimeTextVector(config.Width, config.PooledWidth, config.ReadsGuidance, placement));
        _context = this.Add("context_embedder", new Linear(config.TextWidth, config.Width, placement));
        _in = this.Add("x_embedder", new Linear(config.InChannels, config.Width, placement));
        _blocks = this.AddList("transformer_blocks", Enumerable.Range(0, config.LayerCount)
            .Select(_ => new JointTransformerBlock(shape, placement)));
        _singleBlocks = this.AddList("single_transformer_blocks", Enumerable.Range(0, config.SingleLayerCount)
            .Select(_ => new FluxSingleTransformerBlock(shape, placement)));
        _norm = this.Add("norm_out", new AdaLayerNorm(config.Width, 2, placement));
        _out = this.Add("proj_out", new Linear(config.Width, config.OutChannels, placement));
    }

    /// <summary>What the network was built by.</summary>
    public FluxTransformerConfig Config { get; }

    /// <summary>The prediction for noisy latents.</summary>
    /// <param name="image">The image's tokens, <c>[B, T, in channels]</c>.</param>
    /// <param name="text">The text's tokens as <see cref="ProjectText"/> maps them, <c>[B, S, width]</c>.</param>
    /// <param name="pooled">The pooled text, <c>[B, pooled width]</c>.</param>
    /// <param name="positions">Of the text's tokens, then the image's, <c>[S + T, 3]</c>: <see cref="Positions"/>.</param>
    /// <param name="times">0..1, <c>[B]</c>.</param>
    /// <param name="guidance">The scale of guidance, <c>[B]</c>; null where the model is not told.</param>
    /// <returns><c>[B, T, out channels]</c>.</returns>
    public Tensor forward(Tensor image, Tensor text, Tensor pooled, Tensor positions, Tensor times, Tensor? guidance)
        => forward(image, text, pooled, positions, times, guidance, TextRowSettings.None);

    /// <summary>The same with something done to the text's rows.</summary>
    internal Tensor forward(
        Tensor image, Tensor text, Tensor pooled, Tensor positions, Tensor times, Tensor? guidance, TextRowSettings rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor vector = _vector.forward(times.Times(Thousand), pooled, guidance?.Times(Thousand));
        RotaryPositions rotary = RotaryPositions.Of(positions, Config.AxisWidths, Theta, image.dtype);
        JointStates states = new(_in.forward(image), text);
        foreach (JointTransformerBlock block in _blocks)
        {
            using DisposeScope step = NewDisposeScope();
            JointStates next = block.forward(rows.BeforeBlock(states), vector, rotary, rows.Mask);
            states = new(next.Image.MoveToOuterDisposeScope(), Bounded(next.Text).MoveToOuterDisposeScope());
        }

        Tensor tokens = cat([states.Text, states.Image], 1);
        foreach (FluxSingleTransformerBlock block in _singleBlocks)
        {
            using DisposeScope step = NewDisposeScope();
            tokens = Bounded(block.forward(rows.BeforeBlock(tokens), vector, rotary, rows.Mask)).MoveToOuterDisposeScope();
        }

        Tensor[] ends = _norm.Parts(vector);
        Tensor last = tokens.narrow(1, text.shape[1], image.shape[1]);
        return _out.forward(AdaLayerNorm.Modulated(last, shift: ends[1], scale: ends[0])).MoveToOuterDisposeScope();
    }

    /// <summary>The text's states as tokens, the same at every step: <c>[B, S, text width] → [B, S, width]</c>.</summary>
    public Tensor ProjectText(Tensor states) => _context.forward(states);

    /// <summary>
    /// Where the tokens are: the text's all at zero, the image's at their row and column, on the second and third axis.
    /// </summary>
    /// <param name="textTokens">S.</param>
    /// <param name="rows">Of the image's tokens.</param>
    /// <param name="columns">Of the image's tokens.</param>
    /// <returns><c>[S + rows · columns, 3]</c>, float64, on the CPU.</returns>
    public static Tensor Positions(long textTokens, long rows, long columns)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor row = arange(rows, ScalarType.Float64).unsqueeze(1).expand(rows, columns).flatten();
        Tensor column = arange(columns, ScalarType.Float64).unsqueeze(0).expand(rows, columns).flatten();
        Tensor image = stack([zeros_like(row), row, column], 1);
        return cat([zeros(textTokens, 3, ScalarType.Float64), image], 0).MoveToOuterDisposeScope();
    }

    /// <summary>Float16 ends where these states do not; there they are cut, as diffusers does it.</summary>
    private static Tensor Bounded(Tensor states)
        => states.dtype == ScalarType.Float16 ? states.ClampTo(-LargestHalf, LargestHalf) : states;
}
