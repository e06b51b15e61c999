using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>
/// The sizes of PixArt's transformer, as its <c>config.json</c> gives them (diffusers: PixArtTransformer2DModel; published files name the
/// older class Transformer2DModel, and say by <c>norm_type</c> that it is PixArt's).
/// </summary>
internal sealed record PixArtTransformerConfig
{
    /// <summary>Side of the images, in latents, from which on the position's scale is 2 and more.</summary>
    private const int UnscaledSide = 64;

    /// <summary>Side of the images, in latents, whose models are told sizes where the file does not say.</summary>
    public const int SizedSide = 128;

    private const double NormEpsilon = 1e-6;

    /// <summary>Channels of the noisy latents.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of the prediction: the noise's, and in published models as many of a variance that nobody reads.</summary>
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

    /// <summary>What positions are divided by.</summary>
    public required double PositionScale { get; init; }

    /// <summary>Whether it is told the image's height, width and their ratio (PixArt-Alpha).</summary>
    public required bool ReadsSize { get; init; }

    /// <summary>Width of the tokens.</summary>
    public int Width => HeadCount * HeadWidth;

    internal JointBlockShape SelfAttention => new() { Width = Width, HeadCount = HeadCount, NormsQueries = false };

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value is wrong, or asks for what no supported checkpoint has.</exception>
    public static PixArtTransformerConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        RefuseOthers(config);
        int side = config.Count("sample_size", SizedSide, Most.SampleSide), inChannels = config.Count("in_channels", 4, Most.Channels);
        PixArtTransformerConfig parsed = new()
        {
            InChannels = inChannels,
            OutChannels = config.Count("out_channels", config.HasKey("out_channels") ? inChannels : 8, Most.Channels),
            SampleSize = side,
            PatchSize = config.Count("patch_size", 2, Most.Patch),
            LayerCount = config.Count("num_layers", 28, Most.Layers),
            HeadCount = config.Count("num_attention_heads", 16, Most.Heads),
            HeadWidth = config.Count("attention_head_dim", 72, Most.HeadWidth),
            TextWidth = config.Has("caption_channels")
                ? config.Count("caption_channels", 1)
                : throw config.Error("has no caption_channels, the width of the text's states"),
            PositionScale = config.Number("interpolation_scale", Math.Max(side / UnscaledSide, 1), NumberRange.Factor),
            ReadsSize = config.Flag("use_additional_conditions", side == SizedSide),
        };
        return Fitting(parsed, config);
    }

    private static void RefuseOthers(ConfigReader config)
    {
        config.RefuseOthersThan(
            "num_attention_heads", "attention_head_dim", "in_channels", "out_channels", "num_layers", "dropout", "norm_num_groups",
            "cross_attention_dim", "attention_bias", "sample_size", "patch_size", "activation_fn", "num_embeds_ada_norm",
            "norm_type", "norm_elementwise_affine", "norm_eps", "interpolation_scale", "use_additional_conditions", "caption_channels",
            "attention_type", "upcast_attention", "double_self_attention", "num_vector_embeds", "only_cross_attention",
            "use_linear_projection");
        config.Only("norm_type", "ada_norm_single");
        config.Only("activation_fn", "gelu-approximate");
        config.Only("attention_bias", "true");
        config.Only("attention_type", "default");
        config.Only("norm_elementwise_affine", "false");
        config.Only("double_self_attention", "false");
        config.Only("only_cross_attention", "false");
        config.Only("num_vector_embeds");
        double epsilon = config.Number("norm_eps", NormEpsilon, NumberRange.Epsilon);
        if (epsilon != NormEpsilon)
        {
            throw config.Error(FormattableString.Invariant($"norm_eps is {epsilon}, which is not supported; supported: {NormEpsilon}"));
        }
    }

    private static PixArtTransformerConfig Fitting(PixArtTransformerConfig parsed, ConfigReader config)
    {
        const int PositionParts = 4;
        int crossed = config.Count("cross_attention_dim", 1152);
        return parsed switch
        {
            _ when crossed != parsed.Width => throw config.Error(
                $"cross_attention_dim is {crossed}; it must be num_attention_heads times attention_head_dim, {parsed.Width}"),
            _ when parsed.Width % PositionParts != 0 => throw config.Error(
                $"num_attention_heads times attention_head_dim is {parsed.Width}; it must be a multiple of {PositionParts}"),
            { ReadsSize: true } when parsed.Width % AdaLayerNormSingle.SizeCount != 0 => throw config.Error(
                $"num_attention_heads times attention_head_dim is {parsed.Width}; with use_additional_conditions it must be a multiple of "
                + $"{AdaLayerNormSingle.SizeCount}"),
            _ when parsed.OutChannels != parsed.InChannels && parsed.OutChannels != 2 * parsed.InChannels => throw config.Error(
                $"out_channels is {parsed.OutChannels}; it must be {parsed.InChannels}, as many as in_channels, or twice as many"),
            _ when parsed.SampleSize < parsed.PatchSize => throw config.Error(
                $"sample_size is {parsed.SampleSize}, less than patch_size {parsed.PatchSize}"),
            _ => parsed,
        };
    }
}
