using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>The sizes of FLUX.1's denoiser, as its <c>config.json</c> gives them (diffusers: FluxTransformer2DModel).</summary>
public sealed record FluxTransformerConfig
{
    /// <summary>Width of the image's tokens as they come: the channels of 2×2 latents.</summary>
    public required int InChannels { get; init; }

    /// <summary>Width of the prediction's tokens.</summary>
    public required int OutChannels { get; init; }

    /// <summary>How many blocks with two streams.</summary>
    public required int LayerCount { get; init; }

    /// <summary>How many blocks after them with one stream.</summary>
    public required int SingleLayerCount { get; init; }

    /// <summary>Attention heads in each block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Width of one head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Width of the text's states.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Width of the pooled text.</summary>
    public required int PooledWidth { get; init; }

    /// <summary>Whether it is told the scale of guidance: so FLUX.1 dev is told from schnell.</summary>
    public required bool ReadsGuidance { get; init; }

    /// <summary>How much of a head's width each axis of positions has.</summary>
    public required IReadOnlyList<int> AxisWidths { get; init; }

    /// <summary>Width of the tokens.</summary>
    public int Width => HeadCount * HeadWidth;

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value is wrong, or asks for what no supported checkpoint has.</exception>
    public static FluxTransformerConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.RefuseOthersThan(
            "patch_size", "in_channels", "out_channels", "num_layers", "num_single_layers", "attention_head_dim", "num_attention_heads",
            "joint_attention_dim", "pooled_projection_dim", "guidance_embeds", "axes_dims_rope");
        config.Only("patch_size", "1");
        int inChannels = config.Count("in_channels", 64, Most.Channels);
        FluxTransformerConfig parsed = new()
        {
            InChannels = inChannels,
            OutChannels = config.Count("out_channels", inChannels, Most.Channels),
            LayerCount = config.Count("num_layers", 19, Most.Layers),
            SingleLayerCount = config.Count("num_single_layers", 38, Most.Layers),
            HeadCount = config.Count("num_attention_heads", 24, Most.Heads),
            HeadWidth = config.Count("attention_head_dim", 128, Most.HeadWidth),
            TextWidth = config.Count("joint_attention_dim", 4096),
            PooledWidth = config.Count("pooled_projection_dim", 768),
            ReadsGuidance = config.Flag("guidance_embeds", false),
            AxisWidths = config.Ints("axes_dims_rope", [16, 56, 56], 1, Most.HeadWidth),
        };
        bool fits = parsed.AxisWidths.Count == 3
            && parsed.AxisWidths.All(width => width % 2 == 0)
            && parsed.AxisWidths.Sum(width => (long)width) == parsed.HeadWidth;
        return fits ? parsed : throw config.Error(
            $"axes_dims_rope is [{string.Join(", ", parsed.AxisWidths)}]; it must be three even numbers whose sum is attention_head_dim, "
            + $"{parsed.HeadWidth}");
    }

    internal JointBlockShape BlockShape() => new() { Width = Width, HeadCount = HeadCount, NormsQueries = true };
}
