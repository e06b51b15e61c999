using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Autoencoders;

/// <summary>The sizes of Qwen-Image's autoencoder, as its <c>config.json</c> gives them (diffusers: AutoencoderKLQwenImage).</summary>
internal sealed record AutoencoderKLQwenImageConfig : AutoencoderConfig
{
    private const string Deviations = "latents_std";

    private static readonly double[] PublishedMeans =
    [
        -0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508, 0.4134, -0.0715, 0.5517, -0.3632, -0.1922, -0.9497, 0.2503,
        -0.2921,
    ];

    private static readonly double[] PublishedDeviations =
    [
        2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743, 3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.916,
    ];

    /// <inheritdoc/>
    public override required int LatentChannels { get; init; }

    /// <summary>Width at each resolution, largest image first.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Width of what the encoder's first convolution makes of an image (<c>base_dim</c>).</summary>
    public required int FirstWidth { get; init; }

    /// <summary>Residual blocks at each resolution of the encoder; the decoder has one more.</summary>
    public required int LayersPerLevel { get; init; }

    /// <summary>Means of the latents, one for each channel; the denoiser's have mean 0.</summary>
    public required IReadOnlyList<double> LatentMeans { get; init; }

    /// <summary>Their standard deviations; the denoiser's are 1.</summary>
    public required IReadOnlyList<double> LatentDeviations { get; init; }

    /// <inheritdoc/>
    public override int PixelsPerLatent => 1 << (Widths.Count - 1);

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, is not supported, or sizes do not fit each other.</exception>
    public static AutoencoderKLQwenImageConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("input_channels", "3");
        if (config.Numbers("attn_scales", [], NumberRange.Signed).Length > 0)
        {
            throw config.Error("attn_scales is not empty; attention at other places than the middle is not supported");
        }

        int width = config.Count("base_dim", 96, 100_000), channels = config.Count("z_dim", 16, Most.Channels);
        int[] multiples = config.Ints("dim_mult", [1, 2, 4, 4], 1, 1000);
        int steps = FlagCount(config, json, "temperal_downsample", defaultValue: 3);
        if (multiples.Length is 0 or > Most.Levels || steps != multiples.Length - 1)
        {
            throw config.Error(
                $"temperal_downsample has {steps} entries and dim_mult is [{string.Join(", ", multiples)}]; "
                + $"each of its numbers but the last has one, and there are 1 to {Most.Levels}");
        }

        int[] widths = [.. multiples.Select(multiple => multiple * width)];
        if (widths.Skip(1).FirstOrDefault(odd => odd % 2 != 0) is > 0 and int odd)
        {
            throw config.Error($"base_dim and dim_mult make a width of {odd}; upsampling halves the widths, so they must be even");
        }

        return new()
        {
            LatentChannels = channels,
            Widths = widths,
            FirstWidth = width,
            LayersPerLevel = config.Count("num_res_blocks", 2, Most.Layers),
            LatentMeans = OfChannels("latents_mean", PublishedMeans),
            LatentDeviations = OfChannels(Deviations, PublishedDeviations),
        };

        double[] OfChannels(string key, double[] published)
        {
            double[] values = config.Numbers(key, published, key == Deviations ? NumberRange.Factor : NumberRange.Signed);
            return values.Length == channels ? values
                : throw config.Error($"{key} has {values.Length} numbers; it must have one for each of the {channels} channels (z_dim)");
        }
    }

    /// <summary>Which of these is true matters to videos alone.</summary>
    private static int FlagCount(ConfigReader config, JsonElement json, string key, int defaultValue)
        => !config.Has(key) ? defaultValue
            : json.GetProperty(key) is { ValueKind: JsonValueKind.Array } list
                && list.EnumerateArray().All(flag => flag.ValueKind is JsonValueKind.True or JsonValueKind.False)
                ? list.GetArrayLength()
                : throw config.Error($"{key} must be a list of true and false");
}
