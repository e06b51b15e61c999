using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Autoencoders;

/// <summary>The sizes of a variational autoencoder, as its <c>config.json</c> gives them (diffusers: AutoencoderKL).</summary>
/// <param name="InChannels">Channels of an image: 3.</param>
/// <param name="OutChannels">Channels of a decoded image: 3.</param>
/// <param name="LatentChannels">Channels of the latents.</param>
/// <param name="BlockOutChannels">Width at each resolution, largest image first.</param>
/// <param name="LayersPerBlock">Residual blocks at each resolution of the encoder; the decoder has one more.</param>
/// <param name="NormGroups">Groups of the group normalizations.</param>
/// <param name="ScalingFactor">The denoiser's latents are the autoencoder's times this. Old configs leave it out: 0.18215.</param>
/// <param name="ForceUpcast">Decoding in float16 overflows, so it must be done in float32.</param>
public sealed record AutoencoderKLConfig(
    int InChannels,
    int OutChannels,
    int LatentChannels,
    IReadOnlyList<int> BlockOutChannels,
    int LayersPerBlock,
    int NormGroups,
    double ScalingFactor,
    bool ForceUpcast)
{
    /// <summary>How many pixels one latent stands for, along each side.</summary>
    public int PixelsPerLatent => 1 << (BlockOutChannels.Count - 1);

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, or asks for what no supported checkpoint has.</exception>
    public static AutoencoderKLConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("act_fn", "silu");
        config.Only("use_quant_conv", "true");
        config.Only("use_post_quant_conv", "true");
        config.Only("mid_block_add_attention", "true");
        config.Only("latents_mean");
        config.Only("latents_std");
        config.Only("shift_factor");
        foreach (string kind in config.Texts("down_block_types", []).Where(kind => kind != "DownEncoderBlock2D"))
        {
            throw config.Error($"down_block_types has '{kind}'; supported: DownEncoderBlock2D");
        }

        foreach (string kind in config.Texts("up_block_types", []).Where(kind => kind != "UpDecoderBlock2D"))
        {
            throw config.Error($"up_block_types has '{kind}'; supported: UpDecoderBlock2D");
        }

        return new(
            config.Int("in_channels", 3),
            config.Int("out_channels", 3),
            config.Int("latent_channels", 4),
            config.Ints("block_out_channels", [64]),
            config.Int("layers_per_block", 1),
            config.Int("norm_num_groups", 32),
            config.Number("scaling_factor", 0.18215),
            config.Flag("force_upcast", true));
    }
}
