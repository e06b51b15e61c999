using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>The sizes of a deep compression autoencoder, as its <c>config.json</c> gives them (diffusers: AutoencoderDC).</summary>
internal sealed record AutoencoderDCConfig : AutoencoderConfig
{
    private const string Residual = "ResBlock", EfficientViT = "EfficientViTBlock";

    /// <inheritdoc/>
    public override required int LatentChannels { get; init; }

    /// <summary>Width of the heads of linear attention.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>The encoder's stages, largest image first.</summary>
    public required IReadOnlyList<DCStage> Encoder { get; init; }

    /// <summary>The decoder's, counted as the encoder's.</summary>
    public required IReadOnlyList<DCStage> Decoder { get; init; }

    /// <summary>Whether the encoder halves images by shuffling pixels into channels behind a convolution, or by its stride.</summary>
    public required bool Unshuffles { get; init; }

    /// <summary>Whether the decoder doubles them by shuffling channels into pixels behind a convolution, or before it.</summary>
    public required bool Shuffles { get; init; }

    /// <summary>Whether means of the channels go by the encoder's last convolution.</summary>
    public required bool EncoderShortcut { get; init; }

    /// <summary>Whether the latents, repeated, go by the decoder's first convolution.</summary>
    public required bool DecoderShortcut { get; init; }

    /// <summary>What the denoiser's latents are divided by before they are decoded.</summary>
    public required double ScalingFactor { get; init; }

    /// <inheritdoc/>
    public override int PixelsPerLatent => 1 << (Encoder.Count - 1);

    /// <summary>In float16 values would overflow.</summary>
    internal override Placement PlacementBeside(Placement model)
        => model.DType == ScalarType.Float16 ? model with { DType = ScalarType.Float32 } : model;

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, is not supported, or sizes do not fit each other.</exception>
    public static AutoencoderDCConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("in_channels", "3");
        RequireAll("decoder_norm_types", "rms_norm");
        RequireAll("decoder_act_fns", "silu");
        config.Only("decoder_conv_act_fn", "relu");
        AutoencoderDCConfig parsed = new()
        {
            LatentChannels = config.Count("latent_channels", 32, Most.Channels),
            HeadWidth = config.Count("attention_head_dim", 32, Most.HeadWidth),
            Encoder = Stages(json, config, "encoder", [2, 2, 2, 3, 3, 3]),
            Decoder = Stages(json, config, "decoder", [3, 3, 3, 3, 3, 3]),
            Unshuffles = config.OneOf("downsample_block_type", "pixel_unshuffle", "conv", "pixel_unshuffle") == "pixel_unshuffle",
            Shuffles = config.OneOf("upsample_block_type", "pixel_shuffle", "interpolate", "pixel_shuffle") == "pixel_shuffle",
            EncoderShortcut = config.Flag("encoder_out_shortcut", true),
            DecoderShortcut = config.Flag("decoder_in_shortcut", true),
            ScalingFactor = config.Number("scaling_factor", 1, NumberRange.Factor),
        };
        if (parsed.Encoder.Concat(parsed.Decoder).FirstOrDefault(stage => stage.Attends && stage.Width < parsed.HeadWidth) is { } narrow)
        {
            throw config.Error($"attention_head_dim is {parsed.HeadWidth}; a stage of width {narrow.Width} cannot have a head of it");
        }

        return parsed.Decoder.Count == parsed.Encoder.Count ? parsed : throw config.Error(
            $"its encoder has {parsed.Encoder.Count} stages and its decoder {parsed.Decoder.Count}; they must be as many");

        void RequireAll(string key, string supported)
        {
            string[] all = json.TryGetProperty(key, out JsonElement list) && list.ValueKind == JsonValueKind.Array
                ? config.Texts(key, [])
                : [config.Text(key, supported)];
            if (all.FirstOrDefault(kind => kind != supported) is { } other)
            {
                throw config.Error($"{key} has '{other}'; supported: {supported}");
            }
        }
    }

    private static DCStage[] Stages(JsonElement json, ConfigReader config, string half, int[] defaultLayers)
    {
        int[] widths = config.Widths($"{half}_block_out_channels", [128, 256, 512, 512, 1024, 1024]);
        int[] layers = config.Ints($"{half}_layers_per_block", defaultLayers, 0, Most.Layers);
        string kindKey = $"{half}_block_types", scalesKey = $"{half}_qkv_multiscales";
        string[] kinds = json.TryGetProperty(kindKey, out JsonElement kind) && kind.ValueKind == JsonValueKind.String
            ? [.. Enumerable.Repeat(config.Text(kindKey, ""), widths.Length)]
            : config.Texts(kindKey, [Residual, Residual, Residual, EfficientViT, EfficientViT, EfficientViT]);
        int[][] scales = Scales(json, config, scalesKey);
        if (new[] { layers.Length, kinds.Length, scales.Length }.Any(length => length != widths.Length))
        {
            throw config.Error($"the {half}'s lists are of {widths.Length} widths ({half}_block_out_channels), {layers.Length} numbers of "
                + $"layers, {kinds.Length} block types and {scales.Length} qkv_multiscales; they must be as long as each other");
        }

        return widths.Length == 1 && layers[0] == 0 ? throw config.Error($"the {half} has no layers at all")
            : kinds.FirstOrDefault(name => name is not (Residual or EfficientViT)) is { } other
            ? throw config.Error($"{kindKey} has '{other}'; supported: {Residual}, {EfficientViT}")
            : layers.Skip(1).Any(count => count < 1)
            ? throw config.Error(
                $"{half}_layers_per_block must be numbers of 1 or more, but for the first stage's, which may be 0")
            : [.. widths.Select((width, i) => new DCStage(width, layers[i], kinds[i] == EfficientViT, scales[i]))];
    }

    private static int[][] Scales(JsonElement json, ConfigReader config, string key)
    {
        if (!config.Has(key))
        {
            return [[], [], [], [5], [5], [5]];
        }

        return json.GetProperty(key) is { ValueKind: JsonValueKind.Array } stages
            && stages.EnumerateArray().All(stage => stage.ValueKind == JsonValueKind.Array && stage.EnumerateArray().All(IsOdd))
            ? [.. stages.EnumerateArray().Select(stage => stage.EnumerateArray().Select(kernel => kernel.GetInt32()).ToArray())]
            : throw config.Error($"{key} must be a list of lists of odd sizes of kernels, one list for each stage");

        static bool IsOdd(JsonElement kernel)
            => kernel.ValueKind == JsonValueKind.Number && kernel.TryGetInt32(out int size)
                && size is > 0 and < Most.Patch && size % 2 == 1;
    }
}

/// <summary>A stage of one half of the autoencoder: all that is done at one size of the image.</summary>
/// <param name="Width">Channels.</param>
/// <param name="Layers">How many blocks; 0 in the first stage alone, which then is a step between sizes.</param>
/// <param name="Attends">Whether its blocks are EfficientViT's, with linear attention, or residual ones.</param>
/// <param name="Scales">Sizes of the kernels through which attention also looks at neighbors.</param>
internal sealed record DCStage(int Width, int Layers, bool Attends, IReadOnlyList<int> Scales);
