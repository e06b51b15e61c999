using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>The sizes of a text-conditioned UNet, as its <c>config.json</c> gives them (diffusers: UNet2DConditionModel).</summary>
/// <param name="InChannels">Channels of the noisy latents.</param>
/// <param name="OutChannels">Channels of the prediction.</param>
/// <param name="SampleSize">Side of the latents that the model was trained on.</param>
/// <param name="BlockOutChannels">Width at each resolution, largest first.</param>
/// <param name="CrossAttentionDown">For each resolution, whether its down block attends to the text.</param>
/// <param name="CrossAttentionUp">For each resolution from the smallest, whether its up block attends to the text.</param>
/// <param name="LayersPerBlock">Residual blocks at each resolution on the way down; one more on the way up.</param>
/// <param name="HeadCounts">Attention heads at each resolution; none are given where <paramref name="Simple"/> gives their width.</param>
/// <param name="TextWidth">Width of the text that the attentions read: the text encoder's states, or what they are mapped to.</param>
/// <param name="Activation">The residual blocks' and time embeddings' activation: <c>silu</c>, or <c>gelu</c> (DeepFloyd IF).</param>
/// <param name="TimeWidth">Width of the time embedding.</param>
/// <param name="LinearProjection">Whether attention blocks project by a linear map (SD 2.x) or a 1×1 convolution (SD 1.x).</param>
/// <param name="NormGroups">Groups of the group normalizations.</param>
/// <param name="NormEpsilon">Epsilon of the residual blocks' normalizations.</param>
/// <param name="CosineFirst">Order of cosines and sines in the timestep embedding (<c>flip_sin_to_cos</c>).</param>
/// <param name="FrequencyShift"><c>freq_shift</c> of the timestep embedding.</param>
/// <param name="UpcastAttention">Attention of a half-precision model is computed in float32.</param>
/// <param name="Simple">What DeepFloyd IF has in place of Stable Diffusion's transformers; null: Stable Diffusion.</param>
public sealed record UNet2DConditionConfig(
    int InChannels,
    int OutChannels,
    int SampleSize,
    IReadOnlyList<int> BlockOutChannels,
    IReadOnlyList<bool> CrossAttentionDown,
    IReadOnlyList<bool> CrossAttentionUp,
    IReadOnlyList<int> LayersPerBlock,
    IReadOnlyList<int> HeadCounts,
    int TextWidth,
    string Activation,
    int TimeWidth,
    bool LinearProjection,
    int NormGroups,
    double NormEpsilon,
    bool CosineFirst,
    double FrequencyShift,
    bool UpcastAttention,
    SimpleCrossAttnOptions? Simple = null)
{
    private const string TransformerMidBlock = "UNetMidBlock2DCrossAttn";

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, or asks for what no supported checkpoint has.</exception>
    public static UNet2DConditionConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        bool simple = config.OneOf("mid_block_type", TransformerMidBlock, TransformerMidBlock, SimpleCrossAttnOptions.MidBlock) == SimpleCrossAttnOptions.MidBlock;
        if (!simple)
        {
            RefuseOthersThanStableDiffusions(config);
        }

        config.Only("center_input_sample", "false");
        config.Only("time_embedding_type", "positional");
        config.Only("time_cond_proj_dim");
        config.Only("timestep_post_act");
        config.Only("transformer_layers_per_block", "1");
        config.Only("dual_cross_attention", "false");
        config.Only("num_class_embeds");
        config.Only("num_attention_heads");
        config.Only("conv_in_kernel", "3");
        config.Only("conv_out_kernel", "3");
        config.Only("downsample_padding", "1");

        int[] widths = config.Ints("block_out_channels", [320, 640, 1280, 1280]);
        string[] down = config.Texts("down_block_types", ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"]);
        string[] up = config.Texts("up_block_types", ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"]);
        int[] layers = config.Ints("layers_per_block", [.. Enumerable.Repeat(2, widths.Length)], widths.Length);
        int[] heads = simple ? [] : config.Ints("attention_head_dim", [.. Enumerable.Repeat(8, widths.Length)], widths.Length);
        if (down.Length != widths.Length || up.Length != widths.Length || layers.Length != widths.Length || (heads.Length != widths.Length && !simple))
        {
            throw config.Error($"block_out_channels has {widths.Length} entries; down_block_types ({down.Length}), up_block_types ({up.Length}), "
                + $"layers_per_block ({layers.Length}) and attention_head_dim ({heads.Length}) must have as many");
        }

        (string attends, string convolves) = simple ? ("SimpleCrossAttn", "Resnet") : ("CrossAttn", "");
        string sampled = simple ? "sample" : "";

        return new(
            config.Int("in_channels", 4),
            config.Int("out_channels", 4),
            config.Int("sample_size", 64),
            widths,
            [.. down.Select(kind => Attends(kind, $"{attends}DownBlock2D", $"{convolves}Down{sampled}Block2D"))],
            [.. up.Select(kind => Attends(kind, $"{attends}UpBlock2D", $"{convolves}Up{sampled}Block2D"))],
            layers,
            heads,
            config.Int("cross_attention_dim", 1280),
            config.OneOf("act_fn", "silu", "silu", "gelu"),
            config.Int("time_embedding_dim", 4 * widths[0]),
            config.Flag("use_linear_projection", false),
            config.Int("norm_num_groups", 32),
            config.Number("norm_eps", 1e-5),
            config.Flag("flip_sin_to_cos", true),
            config.Number("freq_shift", 0),
            config.Flag("upcast_attention", false),
            simple ? SimpleCrossAttnOptions.Parse(config) : null);

        bool Attends(string kind, string with, string without) => kind == with || (kind == without
            ? false
            : throw config.Error($"block type '{kind}' is not supported; supported: {with}, {without}"));
    }

    private static void RefuseOthersThanStableDiffusions(ConfigReader config)
    {
        config.Only("act_fn", "silu");
        config.Only("class_embed_type");
        config.Only("addition_embed_type");
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
