using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Conv2d = DiffusionLens.Layers.Conv2d;
using Linear = DiffusionLens.Layers.Linear;

namespace DiffusionLens.Denoisers;

/// <summary>
/// PixArt's denoiser: a transformer over patches of the latents that attends to the text (arXiv 2310.00426, 2403.04692; diffusers:
/// PixArtTransformer2DModel). Parameters have the checkpoint's names (<c>transformerBlocks.0.attn1.to_q.weight</c>, ...).
/// </summary>
internal sealed class PixArtTransformer2DModel : nn.Module
{
    private const int ShiftAndScale = 2;

    private readonly PatchPositions _positions;
    private readonly Placement _placement;
    private readonly Patches _patches;
    private readonly AdaLayerNormSingle _time;
    private readonly TwoLayerMap _caption;
    private readonly Parameter _table;
    private readonly Linear _out;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public PixArtTransformer2DModel(PixArtTransformerConfig config, Placement placement)
        : base(nameof(PixArtTransformer2DModel))
    {
        (Config, _placement) = (config, placement);
        _positions = new PatchPositions(config.Width, config.SampleSize / config.PatchSize, config.PositionScale);
        _patches = this.Add("pos_embed", new Patches(config, placement));
        _time = this.Add("adaln_single", new AdaLayerNormSingle(config.Width, config.ReadsSize, placement));
        _caption = this.Add("caption_projection", new TwoLayerMap(config.TextWidth, config.Width, placement, activation: "gelu_new"));
        Blocks = this.AddList(
            "transformer_blocks", Enumerable.Range(0, config.LayerCount).Select(_ => new PixArtBlock(config, placement)));
        _table = this.AddParameter("scale_shift_table", placement, ShiftAndScale, config.Width);
        _out = this.Add("proj_out", new Linear(config.Width, config.PatchSize * config.PatchSize * config.OutChannels, placement));
    }

    /// <summary>What the network was built by.</summary>
    public PixArtTransformerConfig Config { get; }

    internal IReadOnlyList<PixArtBlock> Blocks { get; }

    /// <summary>The prediction for noisy latents.</summary>
    /// <param name="latents"><c>[B, C, h, w]</c>; h and w multiples of the patch size.</param>
    /// <param name="timesteps">0..1000, <c>[B]</c>.</param>
    /// <param name="text">The text's tokens as <see cref="ProjectText"/> maps them, <c>[B, S, width]</c>.</param>
    /// <param name="mask">Tokens of the text that are not seen, such as padding; null: all are.</param>
    /// <param name="size">
    /// The image's height and width in pixels and height / width, <c>[B, 3]</c>; null where the model is not told.
    /// </param>
    /// <returns><c>[B, out channels, h, w]</c>: the noise first.</returns>
    public Tensor forward(Tensor latents, Tensor timesteps, Tensor text, KeyMask? mask, Tensor? size = null)
    {
        using DisposeScope scope = NewDisposeScope();
        (long height, long width) = (latents.shape[2], latents.shape[3]);
        TimeParts time = Time(timesteps, size);
        Tensor x = _patches.forward(latents).Plus(Positions(height / Config.PatchSize, width / Config.PatchSize));
        x = Blocks.Aggregate(x, (tokens, block) => Next(tokens, next => block.forward(next, time, text, mask)));
        Tensor[] end = time.OfEnd(_table);
        Tensor tokens = _out.forward(AdaLayerNorm.Modulated(x, shift: end[0], scale: end[1]));
        return Assembled(tokens, height, width).MoveToOuterDisposeScope();
    }

    /// <summary>The text's states as tokens, the same at every step: <c>[B, S, text width] → [B, S, width]</c>.</summary>
    public Tensor ProjectText(Tensor states) => _caption.forward(states);

    /// <summary>What timesteps <c>[B]</c>, and where the model is told it the size <c>[B, 3]</c>, say.</summary>
    internal TimeParts Time(Tensor timesteps, Tensor? size) => _time.forward(timesteps, size, _placement.DType);

    /// <summary>What is added to the patches, <c>[1, rows · columns, width]</c>.</summary>
    internal Tensor Positions(long rows, long columns) => _positions.Of(rows, columns, _placement);

    /// <summary>The tokens after a block; those before it are freed.</summary>
    private static Tensor Next(Tensor tokens, Func<Tensor, Tensor> block)
    {
        Tensor after = block(tokens);
        tokens.Dispose();
        return after;
    }

    /// <summary>Latents of patches: <c>[B, h w / patch², patch² C] → [B, C, h, w]</c>.</summary>
    private Tensor Assembled(Tensor tokens, long height, long width)
    {
        int patch = Config.PatchSize;
        Tensor patches = tokens.view(-1, height / patch, width / patch, patch, patch, Config.OutChannels);
        return patches.permute(0, 5, 1, 3, 2, 4).reshape(-1, Config.OutChannels, height, width);
    }

    /// <summary>An image's patches as tokens, row by row: <c>[B, C, h, w] → [B, h w / patch², width]</c>.</summary>
    private sealed class Patches : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _projection;

        public Patches(PixArtTransformerConfig config, Placement placement)
            : base(nameof(Patches))
            => _projection = this.Add(
                "proj", new Conv2d(config.InChannels, config.Width, config.PatchSize, placement, stride: config.PatchSize));

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            return _projection.forward(input).flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
        }
    }
}
