using System.Text.Json.Nodes;

namespace Training.Autoencoder;

/// <summary>What differs between the autoencoders that are trained here.</summary>
internal sealed record AutoencoderRecipe
{
    /// <summary>mini-sd's: 8×8 latents of 8 channels.</summary>
    public static readonly AutoencoderRecipe MiniSd = new()
    {
        Training = "vae",
        Model = "mini-sd",
        Config = ConfigOf([16, 32, 64, 64], latentChannels: 8),
    };

    /// <summary>
    /// mini-mmdit's, in FLUX.1's form (no convolution around the latents; they are moved as well as scaled): 16×16 latents of 4 channels.
    /// </summary>
    public static readonly AutoencoderRecipe MiniMmdit = new()
    {
        Training = "mmdit-vae",
        Model = "mini-mmdit",
        Config = FluxConfig(),
        MovesLatents = true,
        HalvedWeight = 0.25,
    };

    /// <summary>The training's name.</summary>
    public required string Training { get; init; }

    /// <summary>The model whose part it is.</summary>
    public required string Model { get; init; }

    /// <summary>Its <c>config.json</c>; the scale of the latents is measured after the training.</summary>
    public required JsonObject Config { get; init; }

    /// <summary>Whether the config says what is subtracted from the latents before they are scaled.</summary>
    public bool MovesLatents { get; init; }

    /// <summary>
    /// Weight of the error of the image of half the size, decoded from the latents' averages of 2×2: a penalty on fine structure in the
    /// latents that is none in the image, and that a denoiser would have to learn (arXiv 2502.14831).
    /// </summary>
    public double HalvedWeight { get; init; }

    private static JsonObject FluxConfig()
    {
        JsonObject config = ConfigOf([16, 48, 64], latentChannels: 4);
        config["shift_factor"] = 0.0;
        config["use_post_quant_conv"] = false;
        config["use_quant_conv"] = false;
        return config;
    }

    private static JsonObject ConfigOf(int[] widths, int latentChannels) => new()
    {
        ["_class_name"] = "AutoencoderKL",
        ["_diffusers_version"] = "0.39.0",
        ["act_fn"] = "silu",
        ["block_out_channels"] = new JsonArray([.. widths.Select(width => JsonValue.Create(width))]),
        ["down_block_types"] = new JsonArray([.. widths.Select(_ => JsonValue.Create("DownEncoderBlock2D"))]),
        ["force_upcast"] = false,
        ["in_channels"] = 3,
        ["latent_channels"] = latentChannels,
        ["layers_per_block"] = 1,
        ["norm_num_groups"] = 8,
        ["out_channels"] = 3,
        ["sample_size"] = 64,
        ["scaling_factor"] = 1.0,
        ["up_block_types"] = new JsonArray([.. widths.Select(_ => JsonValue.Create("UpDecoderBlock2D"))]),
    };
}
