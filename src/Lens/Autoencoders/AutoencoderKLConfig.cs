using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>The sizes of a variational autoencoder, as its <c>config.json</c> gives them (diffusers: AutoencoderKL).</summary>
public sealed record AutoencoderKLConfig : AutoencoderConfig
{
    /// <summary>Channels of an image: 3.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of a decoded image: 3.</summary>
    public required int OutChannels { get; init; }

    /// <inheritdoc/>
    public override required int LatentChannels { get; init; }

    /// <summary>Width at each resolution, largest image first.</summary>
    public required IReadOnlyList<int> BlockOutChannels { get; init; }

    /// <summary>Width at each resolution of the decoder, largest image first: the encoder's but in some of FLUX.2's.</summary>
    public required IReadOnlyList<int> DecoderBlockOutChannels { get; init; }

    /// <summary>Residual blocks at each resolution of the encoder; the decoder has one more.</summary>
    public required int LayersPerBlock { get; init; }

    /// <summary>Groups of the group normalizations.</summary>
    public required int NormGroups { get; init; }

    /// <summary>The denoiser's latents are the autoencoder's times this. Old configs leave it out: 0.18215.</summary>
    public required double ScalingFactor { get; init; }

    /// <summary>The denoiser's latents are the autoencoder's less this, then scaled (SD 3, FLUX); 0 where a config leaves it out.</summary>
    public double ShiftFactor { get; init; }

    /// <summary>Whether a 1×1 convolution follows the encoder (<c>use_quant_conv</c>).</summary>
    public bool MapsMoments { get; init; } = true;

    /// <summary>Whether a 1×1 convolution precedes the decoder (<c>use_post_quant_conv</c>).</summary>
    public bool MapsLatents { get; init; } = true;

    /// <summary>Decoding in float16 overflows, so it must be done in float32.</summary>
    public required bool ForceUpcast { get; init; }

    /// <inheritdoc/>
    public override int PixelsPerLatent => 1 << (BlockOutChannels.Count - 1);

    /// <summary>Where the autoencoder of a model is: with it, in float32 where float16 would overflow.</summary>
    internal override Placement PlacementBeside(Placement model)
        => ForceUpcast && model.DType == ScalarType.Float16 ? model with { DType = ScalarType.Float32 } : model;

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, or asks for what no supported checkpoint has.</exception>
    public static AutoencoderKLConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("act_fn", "silu");
        config.Only("mid_block_add_attention", "true");
        config.Only("latents_mean");
        config.Only("latents_std");
        AllAre("down_block_types", "DownEncoderBlock2D");
        AllAre("up_block_types", "UpDecoderBlock2D");

        int[] widths = config.Widths("block_out_channels", [64]), decoderWidths = config.Widths("decoder_block_out_channels", widths);
        if (decoderWidths.Length != widths.Length)
        {
            throw config.Error($"decoder_block_out_channels has {decoderWidths.Length} widths; block_out_channels has {widths.Length}");
        }

        int groups = config.Count("norm_num_groups", 32);
        foreach ((int width, int decoderWidth) in widths.Zip(decoderWidths))
        {
            config.RequireMultiple("block_out_channels", width, "norm_num_groups", groups);
            config.RequireMultiple("decoder_block_out_channels", decoderWidth, "norm_num_groups", groups);
        }

        return new()
        {
            InChannels = config.Count("in_channels", 3, Most.Channels),
            OutChannels = config.Count("out_channels", 3, Most.Channels),
            LatentChannels = config.Count("latent_channels", 4, Most.Channels),
            BlockOutChannels = widths,
            DecoderBlockOutChannels = decoderWidths,
            LayersPerBlock = config.Count("layers_per_block", 1, Most.Layers),
            NormGroups = groups,
            ScalingFactor = config.Number("scaling_factor", 0.18215, NumberRange.Factor),
            ShiftFactor = config.Number("shift_factor", 0, NumberRange.Signed),
            MapsMoments = config.Flag("use_quant_conv", true),
            MapsLatents = config.Flag("use_post_quant_conv", true),
            ForceUpcast = config.Flag("force_upcast", true),
        };

        void AllAre(string key, string supported)
        {
            if (config.Texts(key, []).FirstOrDefault(kind => kind != supported) is { } other)
            {
                throw config.Error($"{key} has '{other}'; supported: {supported}");
            }
        }
    }
}
