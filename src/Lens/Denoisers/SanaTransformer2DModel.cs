using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace DiffusionLens.Denoisers;

/// <summary>
/// SANA's transformer, a token for each latent (arXiv 2410.10629; diffusers: SanaTransformer2DModel). Parameters have the checkpoint's
/// names (<c>transformer_blocks.0.attn1.to_q.weight</c>, ...).
/// </summary>
internal sealed class SanaTransformer2DModel : nn.Module
{
    private const double TextNormEpsilon = 1e-5;

    private readonly Projection _patches;
    private readonly AdaLayerNormSingle _time;
    private readonly TwoLayerMap _text;
    private readonly RmsNorm _textNorm;
    private readonly IReadOnlyList<SanaBlock> _blocks;
    private readonly Parameter _table;
    private readonly Linear _out;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public SanaTransformer2DModel(SanaTransformerConfig config, Placement placement)
        : base(nameof(SanaTransformer2DModel))
    {
        (Config, Placement) = (config, placement);
        _patches = this.Add("patch_embed", new Projection(config, placement));
        _time = this.Add("time_embed", new AdaLayerNormSingle(config.Width, readsSize: false, placement));
        _text = this.Add("caption_projection", new TwoLayerMap(config.TextWidth, config.Width, placement, "gelu_new"));
        _textNorm = this.Add("caption_norm", new RmsNorm(config.Width, TextNormEpsilon, placement));
        _blocks = this.AddList("transformer_blocks", Enumerable.Range(0, config.LayerCount).Select(_ => new SanaBlock(config, placement)));
        _table = this.AddParameter("scale_shift_table", placement, 2, config.Width);
        _out = this.Add("proj_out", new Linear(config.Width, config.Channels, placement));
    }

    /// <summary>What the network was built by.</summary>
    public SanaTransformerConfig Config { get; }

    private Placement Placement { get; }

    /// <summary>The text's states as tokens: <c>[B, S, text width] → [B, S, width]</c>.</summary>
    public Tensor ProjectText(Tensor states)
    {
        using DisposeScope scope = NewDisposeScope();
        return _textNorm.forward(_text.forward(states)).MoveToOuterDisposeScope();
    }

    /// <summary>What is predicted of latents.</summary>
    /// <param name="latents"><c>[B, C, h, w]</c>.</param>
    /// <param name="timesteps">0..1000, one for each sample, <c>[B]</c>.</param>
    /// <param name="text">Of <see cref="ProjectText"/>, <c>[B, S, width]</c>.</param>
    /// <param name="mask">Tokens of the text that are not seen, such as padding; null: all are.</param>
    /// <param name="block">Told the tokens after each block, <c>[B, h w, width]</c>; null: nobody asks.</param>
    /// <returns><c>[B, C, h, w]</c>.</returns>
    public Tensor forward(Tensor latents, Tensor timesteps, Tensor text, KeyMask? mask, Action<int, Tensor>? block = null)
    {
        using DisposeScope scope = NewDisposeScope();
        (long rows, long columns) = (latents.shape[2], latents.shape[3]);
        TimeParts time = _time.forward(timesteps, size: null, Placement.DType);
        Tensor tokens = _patches.forward(latents);
        if (Positions is { } positions)
        {
            tokens = tokens.Plus(positions.Of(rows, columns, Placement));
        }

        for (int i = 0; i < _blocks.Count; i++)
        {
            tokens = _blocks[i].forward(tokens, rows, time, text, mask);
            block?.Invoke(i, tokens);
        }

        Tensor[] end = time.OfEnd(_table);
        Tensor output = _out.forward(AdaLayerNorm.Modulated(tokens, shift: end[0], scale: end[1], Config.NormEpsilon));
        return output.transpose(1, 2).unflatten(2, rows, columns).MoveToOuterDisposeScope();
    }

    /// <summary>What the time says.</summary>
    internal TimeParts Time(Tensor timesteps) => _time.forward(timesteps, size: null, Placement.DType);

    /// <summary>What is added to tokens; null: nothing.</summary>
    internal PatchPositions? Positions => Config.PositionScale is { } scale ? new(Config.Width, Config.SampleSize, scale) : null;

    /// <summary>A 1×1 convolution: <c>[B, C, h, w] → [B, h w, width]</c>.</summary>
    private sealed class Projection : nn.Module
    {
        private readonly Conv2d _map;

        public Projection(SanaTransformerConfig config, Placement placement)
            : base(nameof(Projection)) => _map = this.Add("proj", new Conv2d(config.Channels, config.Width, 1, placement));

        public Tensor forward(Tensor latents)
        {
            using DisposeScope scope = NewDisposeScope();
            return _map.forward(latents).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
        }
    }
}
