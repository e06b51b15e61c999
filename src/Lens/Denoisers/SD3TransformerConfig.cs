using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>The sizes of Stable Diffusion 3's denoiser, as its <c>config.json</c> gives them (diffusers: SD3Transformer2DModel).</summary>
public sealed record SD3TransformerConfig
{
    /// <summary>Channels of the noisy latents.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the prediction.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Side of the latents that the model was trained on.</summary>
    public required int SampleSize { get; init; }

    /// <summary>Side of a patch, in latents.</summary>
    public required int PatchSize { get; init; }

    /// <summary>How many blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads in each block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Width of one head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Width of the text's states.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Width of the pooled text.</summary>
    public required int PooledWidth { get; init; }

    /// <summary>Side of the table of positions, in patches: the largest image.</summary>
    public required int PositionTableSide { get; init; }

    /// <summary>Blocks in which the image attends to itself once more (SD 3.5 medium).</summary>
    public required IReadOnlyList<int> DualLayers { get; init; }

    /// <summary>Queries and keys are normed (SD 3.5).</summary>
    public required bool NormsQueries { get; init; }

    /// <summary>Width of the tokens.</summary>
    public int Width => HeadCount * HeadWidth;

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value is wrong, or asks for what no supported checkpoint has.</exception>
    public static SD3TransformerConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.RefuseOthersThan(
            "sample_size", "patch_size", "in_channels", "num_layers", "attention_head_dim", "num_attention_heads", "joint_attention_dim",
            "caption_projection_dim", "pooled_projection_dim", "out_channels", "pos_embed_max_size", "dual_attention_layers", "qk_norm");
        config.Only("qk_norm", "rms_norm");
        int inChannels = config.Count("in_channels", 16, Most.Channels);
        SD3TransformerConfig parsed = new()
        {
            InChannels = inChannels,
            OutChannels = config.Count("out_channels", config.HasKey("out_channels") ? inChannels : 16, Most.Channels),
            SampleSize = config.Count("sample_size", 128, Most.SampleSide),
            PatchSize = config.Count("patch_size", 2, Most.Patch),
            LayerCount = config.Count("num_layers", 18, Most.Layers),
            HeadCount = config.Count("num_attention_heads", 18, Most.Heads),
            HeadWidth = config.Count("attention_head_dim", 64, Most.HeadWidth),
            TextWidth = config.Count("joint_attention_dim", 4096),
            PooledWidth = config.Count("pooled_projection_dim", 2048),
            PositionTableSide = config.Count("pos_embed_max_size", 96, Most.SampleSide),
            DualLayers = config.Ints("dual_attention_layers", [], 0, Most.Layers),
            NormsQueries = config.Has("qk_norm"),
        };
        int context = config.Count("caption_projection_dim", 1152);
        return context == parsed.Width ? parsed : throw config.Error(
            $"caption_projection_dim is {context}; it must be num_attention_heads times attention_head_dim, {parsed.Width}");
    }

    internal JointBlockShape BlockShape(int block) => new()
    {
        Width = Width,
        HeadCount = HeadCount,
        NormsQueries = NormsQueries,
        IsDual = DualLayers.Contains(block),
        EndsText = block == LayerCount - 1,
    };
}
