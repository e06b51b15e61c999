using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>
/// What DeepFloyd IF's UNets have beside or in place of Stable Diffusion's (diffusers: UNet2DConditionModel of SimpleCrossAttn blocks).
/// </summary>
public sealed record SimpleCrossAttnOptions
{
    /// <summary>Width of one attention head (<c>attention_head_dim</c>, which in these blocks means what it says).</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Width of the text encoder's states, before they are mapped to the attention's <c>TextWidth</c>.</summary>
    public required int StateWidth { get; init; }

    /// <summary>Heads of the attention that pools the text for the time embedding.</summary>
    public required int PoolHeads { get; init; }

    /// <summary>The image attends to the text alone, not to itself too (stage II).</summary>
    public required bool TextOnly { get; init; }

    /// <summary>A second time embedding says how noisy the low-resolution image is (stage II).</summary>
    public required bool EmbedsNoiseLevel { get; init; }

    /// <summary>What the sums of the residual blocks on the way down and up are divided by.</summary>
    public required double ResnetScale { get; init; }

    /// <summary>What those of the middle block are divided by.</summary>
    public required double MidScale { get; init; }

    /// <summary>What the time embedding goes through before all blocks; null: nothing.</summary>
    public required string? TimeActivation { get; init; }

    /// <summary>The residual blocks activate the time embedding (stage I) or take it as it is (stage II).</summary>
    public required bool ActivatesTime { get; init; }

    /// <summary>The middle block's type, by which such a UNet is known.</summary>
    internal const string MidBlock = "UNetMidBlock2DSimpleCrossAttn";

    /// <exception cref="BadInputException">A value has the wrong type, or asks for what no supported checkpoint has.</exception>
    internal static SimpleCrossAttnOptions Parse(ConfigReader config)
    {
        Require("addition_embed_type", "text");

        // Some published files leave it out, which means this very kind where there is an encoder_hid_dim.
        config.Only("encoder_hid_dim_type", "text_proj");
        Require("cross_attention_norm", "group_norm");
        Require("resnet_time_scale_shift", "scale_shift");
        config.Only("class_embed_type", "timestep");
        config.Only("class_embeddings_concat", "false");
        config.Only("upcast_attention", "false");
        bool textOnly = config.Flag("only_cross_attention", false);
        config.Only("mid_block_only_cross_attention", textOnly ? "true" : "false");
        int width = config.Count("encoder_hid_dim", 0), poolHeads = config.Count("addition_embed_type_num_heads", 64, Most.Heads);
        if (width == 0)
        {
            throw config.Error("has no encoder_hid_dim, the width of the text encoder's states");
        }

        config.RequireMultiple("encoder_hid_dim", width, "addition_embed_type_num_heads", poolHeads);
        config.RequireMultiple(
            "cross_attention_dim", config.Count("cross_attention_dim", 1280), "the groups of its norm", AddedKVAttention.TextGroups);
        return new()
        {
            HeadWidth = config.Count("attention_head_dim", 8, Most.HeadWidth),
            StateWidth = width,
            PoolHeads = poolHeads,
            TextOnly = textOnly,
            EmbedsNoiseLevel = config.Has("class_embed_type"),
            ResnetScale = config.Number("resnet_out_scale_factor", 1, NumberRange.Factor),
            MidScale = config.Number("mid_block_scale_factor", 1, NumberRange.Factor),
            TimeActivation = config.Has("time_embedding_act_fn") ? config.OneOf("time_embedding_act_fn", "", "silu", "gelu") : null,
            ActivatesTime = !config.Flag("resnet_skip_time_act", false),
        };

        void Require(string key, string value)
        {
            config.Only(key, value);
            if (!config.Has(key))
            {
                throw config.Error($"has no {key}; a UNet with a {MidBlock} needs {value}");
            }
        }
    }
}
