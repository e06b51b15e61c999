using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>The sizes of a text-conditioned UNet, as its <c>config.json</c> gives them (diffusers: UNet2DConditionModel).</summary>
public sealed record UNet2DConditionConfig
{
    /// <summary>Channels of the noisy latents.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the prediction.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Height of the latents that the model was trained on, and width too where <see cref="SampleWidth"/> is null.</summary>
    public required int SampleSize { get; init; }

    /// <summary>Width of the latents, where the file has both sides; null where it has one number.</summary>
    public int? SampleWidth { get; init; }

    /// <summary>Whether there is a middle block, at the smallest resolution; some distilled models leave it out.</summary>
    public bool HasMidBlock { get; init; } = true;

    /// <summary>Width at each resolution, largest first.</summary>
    public required IReadOnlyList<int> BlockOutChannels { get; init; }

    /// <summary>For each resolution, whether its down block attends to the text.</summary>
    public required IReadOnlyList<bool> CrossAttentionDown { get; init; }

    /// <summary>For each resolution from the smallest, whether its up block attends to the text.</summary>
    public required IReadOnlyList<bool> CrossAttentionUp { get; init; }

    /// <summary>Residual blocks at each resolution on the way down; one more on the way up.</summary>
    public required IReadOnlyList<int> LayersPerBlock { get; init; }

    /// <summary>
    /// Transformer blocks in a row at each resolution, where its down block attends to the text; in the middle as many as at the last.
    /// </summary>
    public required IReadOnlyList<int> TransformerLayers { get; init; }

    /// <summary>The same for each resolution from the smallest, on the way up.</summary>
    public required IReadOnlyList<int> TransformerLayersUp { get; init; }

    /// <summary>Attention heads at each resolution; none are given where <see cref="Simple"/> gives their width.</summary>
    public required IReadOnlyList<int> HeadCounts { get; init; }

    /// <summary>Width of the text that the attentions read: the text encoder's states, or what they are mapped to.</summary>
    public required int TextWidth { get; init; }

    /// <summary>The residual blocks' and time embeddings' activation: <c>silu</c>, or <c>gelu</c> (DeepFloyd IF).</summary>
    public required string Activation { get; init; }

    /// <summary>Width of the time embedding.</summary>
    public required int TimeWidth { get; init; }

    /// <summary>Whether attention blocks project by a linear map (SD 2.x) or a 1×1 convolution (SD 1.x).</summary>
    public required bool LinearProjection { get; init; }

    /// <summary>Groups of the group normalizations.</summary>
    public required int NormGroups { get; init; }

    /// <summary>Epsilon of the residual blocks' normalizations.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Order of cosines and sines in the timestep embedding (<c>flip_sin_to_cos</c>).</summary>
    public required bool CosineFirst { get; init; }

    /// <summary><c>freq_shift</c> of the timestep embedding.</summary>
    public required double FrequencyShift { get; init; }

    /// <summary>Attention of a half-precision model is computed in float32.</summary>
    public required bool UpcastAttention { get; init; }

    /// <summary>What DeepFloyd IF has in place of Stable Diffusion's transformers; null: Stable Diffusion.</summary>
    public SimpleCrossAttnOptions? Simple { get; init; }

    /// <summary>What Stable Diffusion XL's time embedding is told of the text and the image's size; null: nothing.</summary>
    public TextTimeOptions? TextTime { get; init; }

    private const string TransformerMidBlock = "UNetMidBlock2DCrossAttn";

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, or asks for what no supported checkpoint has.</exception>
    public static UNet2DConditionConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        string middle = config.OneOf("mid_block_type", TransformerMidBlock, TransformerMidBlock, SimpleCrossAttnOptions.MidBlock);
        bool simple = middle == SimpleCrossAttnOptions.MidBlock;
        if (!simple)
        {
            RefuseOthersThanStableDiffusions(config);
        }

        config.Only("center_input_sample", "false");
        config.Only("time_embedding_type", "positional");
        config.Only("time_cond_proj_dim");
        config.Only("timestep_post_act");
        if (simple)
        {
            config.Only("transformer_layers_per_block", "1");
            config.Only("reverse_transformer_layers_per_block");
        }

        config.Only("dual_cross_attention", "false");
        config.Only("num_class_embeds");
        config.Only("num_attention_heads");
        config.Only("conv_in_kernel", "3");
        config.Only("conv_out_kernel", "3");
        config.Only("downsample_padding", "1");

        int[] sample = config.Ints("sample_size", [64], 1, Most.SampleSide, count: 1);
        if (sample.Length is not (1 or 2))
        {
            throw config.Error($"sample_size has {sample.Length} numbers; it should be one, or height and width");
        }

        int[] widths = config.Widths("block_out_channels", [320, 640, 1280, 1280]);
        string[] down = config.Texts(
            "down_block_types", ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"]);
        string[] up = config.Texts("up_block_types", ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]);
        int[] layers = config.Ints("layers_per_block", [.. Enumerable.Repeat(2, widths.Length)], 1, Most.Layers, widths.Length);
        int[] depths = config.Ints(
            "transformer_layers_per_block", [.. Enumerable.Repeat(1, widths.Length)], 0, Most.Layers, widths.Length);
        int[] depthsUp = config.Ints("reverse_transformer_layers_per_block", [.. depths.Reverse()], 0, Most.Layers);
        int[] heads = simple ? [] : config.Ints(
            "attention_head_dim", [.. Enumerable.Repeat(8, widths.Length)], 1, Most.Heads, widths.Length);
        int levels = widths.Length;
        if (down.Length != levels || up.Length != levels || layers.Length != levels || (heads.Length != levels && !simple)
            || depths.Length != levels || depthsUp.Length != levels)
        {
            throw config.Error(
                $"block_out_channels has {widths.Length} entries; down_block_types ({down.Length}), up_block_types ({up.Length}), "
                + $"layers_per_block ({layers.Length}), attention_head_dim ({heads.Length}), "
                + $"transformer_layers_per_block ({depths.Length}) and reverse_transformer_layers_per_block ({depthsUp.Length}) "
                + "must have as many");
        }

        (string attends, string convolves) = simple ? ("SimpleCrossAttn", "Resnet") : ("CrossAttn", "");
        string sampled = simple ? "sample" : "";

        bool[] attendsDown = [.. down.Select(kind => Attends(kind, $"{attends}DownBlock2D", $"{convolves}Down{sampled}Block2D"))];
        bool[] attendsUp = [.. up.Select(kind => Attends(kind, $"{attends}UpBlock2D", $"{convolves}Up{sampled}Block2D"))];
        int groups = config.Count("norm_num_groups", 32);
        SimpleCrossAttnOptions? options = simple ? SimpleCrossAttnOptions.Parse(config) : null;
        foreach (int level in Enumerable.Range(0, levels))
        {
            config.RequireMultiple("block_out_channels", widths[level], "norm_num_groups", groups);
            if (attendsDown[level] || attendsUp[levels - 1 - level] || level == levels - 1)
            {
                config.RequireMultiple("block_out_channels", widths[level], "attention_head_dim", options?.HeadWidth ?? heads[level]);
            }
        }

        return new()
        {
            InChannels = config.Count("in_channels", 4, Most.Channels),
            OutChannels = config.Count("out_channels", 4, Most.Channels),
            SampleSize = sample[0],
            SampleWidth = sample.Length > 1 ? sample[1] : null,
            HasMidBlock = !config.IsNull("mid_block_type"),
            BlockOutChannels = widths,
            CrossAttentionDown = attendsDown,
            CrossAttentionUp = attendsUp,
            LayersPerBlock = layers,
            TransformerLayers = depths,
            TransformerLayersUp = depthsUp,
            HeadCounts = heads,
            TextWidth = config.Count("cross_attention_dim", 1280),
            Activation = config.OneOf("act_fn", "silu", "silu", "gelu"),
            TimeWidth = config.Count("time_embedding_dim", 4 * widths[0]),
            LinearProjection = config.Flag("use_linear_projection", false),
            NormGroups = groups,
            NormEpsilon = config.Number("norm_eps", 1e-5, NumberRange.Epsilon),
            CosineFirst = config.Flag("flip_sin_to_cos", true),
            FrequencyShift = config.Number("freq_shift", 0, NumberRange.Share),
            UpcastAttention = config.Flag("upcast_attention", false),
            Simple = options,
            TextTime = simple || !config.Has("addition_embed_type") ? null : TextTimeOptions.Parse(config),
        };

        bool Attends(string kind, string with, string without) => kind == with || (kind == without
            ? false
            : throw config.Error($"block type '{kind}' is not supported; supported: {with}, {without}"));
    }

    private static void RefuseOthersThanStableDiffusions(ConfigReader config)
    {
        config.Only("act_fn", "silu");
        config.Only("class_embed_type");
        config.Only("addition_embed_type", TextTimeOptions.Name);
        config.Only("encoder_hid_dim");
        config.Only("encoder_hid_dim_type");
        config.Only("time_embedding_dim");
        config.Only("time_embedding_act_fn");
        config.Only("resnet_time_scale_shift", "default");
        config.Only("resnet_skip_time_act", "false");
        config.Only("mid_block_scale_factor", "1", "1.0");
        config.Only("resnet_out_scale_factor", "1", "1.0");
        config.Only("only_cross_attention", "false");
    }
}
