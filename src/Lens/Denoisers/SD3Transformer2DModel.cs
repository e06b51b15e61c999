using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Stable Diffusion 3's denoiser: a transformer over patches of the latents and the text's tokens (arXiv 2403.03206; diffusers:
/// SD3Transformer2DModel). Parameters have the checkpoint's names (<c>transformer_blocks.0.attn.to_q.weight</c>, ...).
/// </summary>
public sealed class SD3Transformer2DModel : nn.Module
{
    private readonly PositionedPatches _patches;
    private readonly TimeTextVector _vector;
    private readonly Linear _context, _out;
    private readonly IReadOnlyList<JointTransformerBlock> _blocks;
    private readonly AdaLayerNorm _norm;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public SD3Transformer2DModel(SD3TransformerConfig config, Placement placement)
        : base(nameof(SD3Transformer2DModel))
    {
        Config = config;
        int width = config.Width;
        _patches = this.Add("pos_embed", new PositionedPatches(config, placement));
        _vector = this.Add("time_text_embed", new TimeTextVector(width, config.PooledWidth, readsGuidance: false, placement));
        _context = this.Add("context_embedder", new Linear(config.TextWidth, width, placement));
        _blocks = this.AddList("transformer_blocks", Enumerable.Range(0, config.LayerCount)
            .Select(block => new JointTransformerBlock(config.BlockShape(block), placement)));
        _norm = this.Add("norm_out", new AdaLayerNorm(width, 2, placement));
        _out = this.Add("proj_out", new Linear(width, config.PatchSize * config.PatchSize * config.OutChannels, placement));
    }

    /// <summary>What the network was built by.</summary>
    public SD3TransformerConfig Config { get; }

    /// <summary>The prediction for noisy latents.</summary>
    /// <param name="sample"><c>[B, C, h, w]</c>; h and w multiples of the patch size and within the table of positions.</param>
    /// <param name="timesteps">0..1000, <c>[B]</c>.</param>
    /// <param name="text">The text's tokens as <see cref="ProjectText"/> maps them, <c>[B, S, width]</c>.</param>
    /// <param name="pooled">The pooled text, <c>[B, pooled width]</c>.</param>
    /// <returns><c>[B, out channels, h, w]</c>.</returns>
    public Tensor forward(Tensor sample, Tensor timesteps, Tensor text, Tensor pooled)
        => forward(sample, timesteps, text, pooled, TextRowSettings.None);

    /// <summary>The same with something done to the text's rows.</summary>
    internal Tensor forward(Tensor sample, Tensor timesteps, Tensor text, Tensor pooled, TextRowSettings rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor vector = _vector.forward(timesteps, pooled);
        JointStates states = new(_patches.forward(sample), text);
        foreach (JointTransformerBlock block in _blocks)
        {
            using DisposeScope step = NewDisposeScope();
            JointStates next = block.forward(rows.BeforeBlock(states), vector, mask: rows.Mask);
            states = new(next.Image.MoveToOuterDisposeScope(), next.Text.MoveToOuterDisposeScope());
        }

        Tensor[] ends = _norm.Parts(vector);
        Tensor tokens = _out.forward(AdaLayerNorm.Modulated(states.Image, shift: ends[1], scale: ends[0]));
        return Assembled(tokens, sample.shape[2], sample.shape[3]).MoveToOuterDisposeScope();
    }

    /// <summary>The text's states as tokens, the same at every step: <c>[B, S, text width] → [B, S, width]</c>.</summary>
    public Tensor ProjectText(Tensor states) => _context.forward(states);

    /// <summary>Latents of patches: <c>[B, h w / patch², patch² C] → [B, C, h, w]</c>.</summary>
    private Tensor Assembled(Tensor tokens, long height, long width)
    {
        int patch = Config.PatchSize;
        Tensor patches = tokens.view(-1, height / patch, width / patch, patch, patch, Config.OutChannels);
        return patches.permute(0, 5, 1, 3, 2, 4).reshape(-1, Config.OutChannels, height, width);
    }
}
