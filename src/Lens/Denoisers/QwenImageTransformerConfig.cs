using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>The sizes of Qwen-Image's transformer, as its <c>config.json</c> gives them (diffusers: QwenImageTransformer2DModel).</summary>
internal sealed record QwenImageTransformerConfig
{
    /// <summary>Values of an image's token: channels of the latents, four of them a token.</summary>
    public required int InChannels { get; init; }

    /// <summary>Values that it predicts for a token.</summary>
    public required int OutChannels { get; init; }

    /// <summary>How many blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads in each block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Width of one head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Width of the text's states.</summary>
    public required int TextWidth { get; init; }

    /// <summary>How much of a head's width each axis of positions has: frame, row, column.</summary>
    public required IReadOnlyList<int> AxisWidths { get; init; }

    /// <summary>Width of the tokens.</summary>
    public int Width => HeadCount * HeadWidth;

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value is wrong, or asks for what no supported checkpoint has.</exception>
    public static QwenImageTransformerConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);

        // guidance_embeds adds nothing to the network whatever it says, pooled_projection_dim is read by nothing.
        config.RefuseOthersThan(
            "patch_size", "in_channels", "out_channels", "num_layers", "attention_head_dim", "num_attention_heads", "joint_attention_dim",
            "axes_dims_rope", "guidance_embeds", "pooled_projection_dim", "zero_cond_t", "use_additional_t_cond", "use_layer3d_rope");
        config.Only("patch_size", "2");

        // These belong to the editing and layered models.
        config.Only("zero_cond_t", "false");
        config.Only("use_additional_t_cond", "false");
        config.Only("use_layer3d_rope", "false");
        int inChannels = config.Count("in_channels", 64, Most.Channels);
        int outChannels = config.IsNull("out_channels") ? inChannels : config.Count("out_channels", 16, Most.Channels);
        QwenImageTransformerConfig parsed = new()
        {
            InChannels = inChannels,
            OutChannels = PackedLatents.Patch * PackedLatents.Patch * outChannels,
            LayerCount = config.Count("num_layers", 60, Most.Layers),
            HeadCount = config.Count("num_attention_heads", 24, Most.Heads),
            HeadWidth = config.Count("attention_head_dim", 128, Most.HeadWidth),
            TextWidth = config.Count("joint_attention_dim", 3584),
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
