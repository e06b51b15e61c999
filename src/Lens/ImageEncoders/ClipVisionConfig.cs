using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.TextEncoders;

namespace DiffusionLens.ImageEncoders;

/// <summary>The sizes of CLIP's image encoder (transformers: CLIPVisionConfig).</summary>
internal sealed record ClipVisionConfig
{
    /// <summary>The sizes of its blocks.</summary>
    public required ClipBlockConfig Block { get; init; }

    /// <summary>How many blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Channels of an image.</summary>
    public required int Channels { get; init; }

    /// <summary>Pixels at each side of an image.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Pixels at each side of a patch.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Patches of an image; pixels that make no whole patch at the right and the bottom are not seen.</summary>
    public int PatchCount => ImageSize / PatchSize * (ImageSize / PatchSize);

    /// <summary>Reads the part <c>vision_config</c> of a <c>config.json</c>.</summary>
    /// <param name="json">The part.</param>
    /// <param name="source">The file's path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, or sizes do not fit each other.</exception>
    public static ClipVisionConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        int width = config.Count("hidden_size", 768), heads = config.Count("num_attention_heads", 12, Most.Heads);
        if (width % heads != 0)
        {
            throw config.Error($"vision_config: hidden_size {width} is no multiple of num_attention_heads {heads}");
        }

        ClipVisionConfig parsed = new()
        {
            Block = new ClipBlockConfig(
                width,
                config.Count("intermediate_size", 3072),
                heads,
                config.OneOf("hidden_act", "quick_gelu", Layers.Activation.Names),
                config.Number("layer_norm_eps", 1e-5, NumberRange.Epsilon),
                IsCausal: false),
            LayerCount = config.Count("num_hidden_layers", 12, Most.Layers),
            Channels = config.Count("num_channels", 3),
            ImageSize = config.Count("image_size", 224, Most.SampleSide),
            PatchSize = config.Count("patch_size", 32, Most.SampleSide),
        };
        return parsed.Channels != ImageChannels ? throw config.Error($"vision_config: num_channels is {parsed.Channels}; images have 3")
            : parsed.PatchCount > 0 ? parsed
            : throw config.Error($"vision_config: patch_size {parsed.PatchSize} is more than image_size {parsed.ImageSize}");
    }

    private const int ImageChannels = 3;
}
