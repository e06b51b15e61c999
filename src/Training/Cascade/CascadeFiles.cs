using System.Text.Json.Nodes;

namespace Training.Cascade;

/// <summary>The configs of mini-if's two stages: DeepFloyd IF's own, with other sizes.</summary>
internal static class CascadeFiles
{
    private const string Model = "mini-if";

    /// <summary>Sides of the images of the two stages.</summary>
    public const int SmallSide = 32, LargeSide = 64;

    /// <summary>The samplers' details of both stages.</summary>
    public static JsonObject Scheduler
    {
        get
        {
            JsonObject json = Ddpm("learned_range");
            json["dynamic_thresholding_ratio"] = 0.95;
            json["sample_max_value"] = 1.5;
            json["thresholding"] = true;
            return json;
        }
    }

    /// <summary>The noise that stage II's small images get.</summary>
    public static JsonObject NoisingScheduler => Ddpm("fixed_small");

    /// <summary>Stage I's folder, with tokenizer and text encoder.</summary>
    public static string FirstStage(string models) => Path.Combine(models, Model, "stage_I");

    public static string SecondStage(string models) => Path.Combine(models, Model, "stage_II");

    /// <summary>The model's own folder: its card and its logs.</summary>
    public static string Whole(string models) => Path.Combine(models, Model);

    public static JsonObject SmallUNet => UNet([16, 32, 96, 128], SmallSide, enlarges: false);

    public static JsonObject LargeUNet => UNet([16, 16, 32, 64], LargeSide, enlarges: true);

    public static JsonObject SmallIndex => Index("IFPipeline", ("text_encoder", "T5EncoderModel"), ("tokenizer", "T5Tokenizer"));

    public static JsonObject LargeIndex
    {
        get
        {
            JsonObject index = Index("IFSuperResolutionPipeline", ("text_encoder", null), ("tokenizer", null));
            index["image_noising_scheduler"] = new JsonArray("diffusers", "DDPMScheduler");
            return index;
        }
    }

    private static JsonObject Ddpm(string variance) => new()
    {
        ["_class_name"] = "DDPMScheduler",
        ["_diffusers_version"] = "0.39.0",
        ["beta_end"] = 0.02,
        ["beta_schedule"] = "squaredcos_cap_v2",
        ["beta_start"] = 0.0001,
        ["clip_sample"] = true,
        ["clip_sample_range"] = 1.0,
        ["num_train_timesteps"] = 1000,
        ["prediction_type"] = "v_prediction",
        ["variance_type"] = variance,
    };

    private static JsonObject Index(string pipeline, params (string Part, string? Class)[] text)
    {
        JsonObject index = new()
        {
            ["_class_name"] = pipeline,
            ["_diffusers_version"] = "0.39.0",
            ["feature_extractor"] = new JsonArray(null, null),
            ["requires_safety_checker"] = false,
            ["safety_checker"] = new JsonArray(null, null),
            ["scheduler"] = new JsonArray("diffusers", "DDPMScheduler"),
            ["unet"] = new JsonArray("diffusers", "UNet2DConditionModel"),
            ["watermarker"] = new JsonArray(null, null),
        };
        foreach ((string part, string? name) in text)
        {
            index[part] = name is null ? new JsonArray(null, null) : new JsonArray("transformers", name);
        }

        return index;
    }

    // The two resolutions with the most pixels have no attention: there it would cost the most.
    private static JsonObject UNet(int[] widths, int side, bool enlarges)
    {
        JsonObject json = new()
        {
            ["_class_name"] = "UNet2DConditionModel",
            ["_diffusers_version"] = "0.39.0",
            ["act_fn"] = "gelu",
            ["addition_embed_type"] = "text",
            ["addition_embed_type_num_heads"] = 4,
            ["attention_head_dim"] = 16,
            ["block_out_channels"] = new JsonArray([.. widths.Select(width => (JsonNode)width)]),
            ["class_embed_type"] = enlarges ? "timestep" : null,
            ["cross_attention_dim"] = 128,
            ["cross_attention_norm"] = "group_norm",
            ["down_block_types"] = new JsonArray(
                "ResnetDownsampleBlock2D", "ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D", "SimpleCrossAttnDownBlock2D"),
            ["encoder_hid_dim"] = 128,
            ["encoder_hid_dim_type"] = "text_proj",
            ["flip_sin_to_cos"] = true,
            ["freq_shift"] = 0,
            ["in_channels"] = enlarges ? 6 : 3,
            ["layers_per_block"] = 1,
            ["mid_block_scale_factor"] = 1.0,
            ["mid_block_type"] = "UNetMidBlock2DSimpleCrossAttn",
            ["norm_eps"] = 1e-5,
            ["norm_num_groups"] = 4,
            ["only_cross_attention"] = enlarges,
            ["out_channels"] = 6,
            ["resnet_out_scale_factor"] = 1.0,
            ["resnet_skip_time_act"] = false,
            ["resnet_time_scale_shift"] = "scale_shift",
            ["sample_size"] = side,
            ["time_embedding_dim"] = 256,
            ["up_block_types"] = new JsonArray(
                "SimpleCrossAttnUpBlock2D", "SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D", "ResnetUpsampleBlock2D"),
        };
        if (enlarges)
        {
            json["mid_block_only_cross_attention"] = true;
        }

        return json;
    }
}
