using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>The sizes of SANA's transformer, as its <c>config.json</c> gives them (diffusers: SanaTransformer2DModel).</summary>
internal sealed record SanaTransformerConfig
{
    /// <summary>Channels of the latents that come in and of what goes out.</summary>
    public required int Channels { get; init; }

    /// <summary>Heads of the image's linear attention to itself.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Heads of its attention to the text, which are others.</summary>
    public required int CrossHeadCount { get; init; }

    /// <summary>Width of the tokens.</summary>
    public required int Width { get; init; }

    /// <summary>Width of each half within the feed-forward layers.</summary>
    public required int InnerWidth { get; init; }

    /// <summary>How many blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Width of the text's states.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Side, in latents, of the images that it was trained on.</summary>
    public required int SampleSize { get; init; }

    /// <summary>What positions are divided by; null: tokens have none.</summary>
    public required double? PositionScale { get; init; }

    /// <summary>Whether queries and keys are normed, in both attentions.</summary>
    public required bool NormsQueries { get; init; }

    /// <summary>Whether the maps of the attention to itself have biases.</summary>
    public required bool HasBiases { get; init; }

    /// <summary>Epsilon of the norms without weights.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>What pipelines multiply timesteps by.</summary>
    public required double TimestepScale { get; init; }

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, is not supported, or sizes do not fit each other.</exception>
    public static SanaTransformerConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        if (config.Flag("guidance_embeds", false))
        {
            throw config.Error("guidance_embeds is true: it was distilled with its guidance (SANA Sprint), which is not supported");
        }

        config.Only("patch_size", "1");
        config.Only("norm_elementwise_affine", "false");
        config.Only("qk_norm", "rms_norm_across_heads");
        int heads = config.Count("num_attention_heads", 70, Most.Heads);
        int width = heads * config.Count("attention_head_dim", 32, Most.HeadWidth);
        int crossHeads = config.Count("num_cross_attention_heads", 20, Most.Heads);
        int crossHeadWidth = config.Count("cross_attention_head_dim", 112, Most.HeadWidth);
        int channels = config.Count("in_channels", 32, Most.Channels), cross = config.Count("cross_attention_dim", 2240);
        if (crossHeads * crossHeadWidth != width || cross != width)
        {
            throw config.Error($"its tokens are {width} wide (num_attention_heads · attention_head_dim), its attention to the text "
                + $"{crossHeads} · {crossHeadWidth}, the text's tokens {cross} (cross_attention_dim); they must be as wide as each other");
        }

        double? scale = config.Has("interpolation_scale") ? config.Number("interpolation_scale", 1, NumberRange.Factor) : null;
        if (scale is not null && width % 4 != 0)
        {
            throw config.Error($"its tokens are {width} wide (num_attention_heads · attention_head_dim); "
                + "with interpolation_scale it must be a multiple of 4");
        }

        int outputs = config.IsNull("out_channels") ? channels : config.Count("out_channels", channels, Most.Channels);
        return outputs != channels
            ? throw config.Error($"it reads {channels} channels and writes {outputs}; they must be as many")
            : new()
            {
                Channels = channels,
                HeadCount = heads,
                CrossHeadCount = crossHeads,
                Width = width,
                InnerWidth = (int)(config.Number("mlp_ratio", 2.5, NumberRange.MlpRatio) * width),
                LayerCount = config.Count("num_layers", 20, Most.Layers),
                TextWidth = config.Count("caption_channels", 2304),
                SampleSize = config.Count("sample_size", 32, Most.SampleSide),
                PositionScale = scale,
                NormsQueries = config.Has("qk_norm"),
                HasBiases = config.Flag("attention_bias", false),
                NormEpsilon = config.Number("norm_eps", 1e-6, NumberRange.Epsilon),
                TimestepScale = config.Number("timestep_scale", 1, NumberRange.Factor),
            };
    }
}
