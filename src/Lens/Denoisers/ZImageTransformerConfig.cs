using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>The sizes of Z-Image's transformer, as its <c>config.json</c> gives them (diffusers: ZImageTransformer2DModel).</summary>
internal sealed record ZImageTransformerConfig
{
    /// <summary>Pixels of latents along each side of a token.</summary>
    public const int Patch = 2;

    /// <summary>Captions and images are filled up to a multiple of so many tokens.</summary>
    public const int FilledTo = 32;

    private const int RotaryAxes = 3, LargestTimeWidth = 256;

    /// <summary>Channels of the latents.</summary>
    public required int Channels { get; init; }

    /// <summary>Width of the tokens.</summary>
    public required int Width { get; init; }

    /// <summary>Blocks that take caption and image as one sequence.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Blocks before them, for the image and for the caption alone.</summary>
    public required int RefinerCount { get; init; }

    /// <summary>Attention heads in each block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Whether queries and keys are normed head by head.</summary>
    public required bool NormsQueries { get; init; }

    /// <summary>Epsilon of the blocks' norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Width of the text's states.</summary>
    public required int TextWidth { get; init; }

    /// <summary>What times, 0 to 1, are multiplied by.</summary>
    public required double TimeScale { get; init; }

    /// <summary>How much of a head's width each position axis (frame, row, column) has.</summary>
    public required IReadOnlyList<int> AxisWidths { get; init; }

    /// <summary>How many positions each axis has.</summary>
    public required IReadOnlyList<int> AxisLengths { get; init; }

    /// <summary>What the periods of the rotary positions grow by.</summary>
    public required double RotaryTheta { get; init; }

    /// <summary>Width of a head.</summary>
    public int HeadWidth => Width / HeadCount;

    /// <summary>Width inside the feed-forward layers.</summary>
    public int InnerWidth => (int)(Width / 3.0 * 8);

    /// <summary>Width of the time embedding.</summary>
    public int TimeWidth => Math.Min(Width, LargestTimeWidth);

    /// <summary>Values of a token of the image.</summary>
    public int PatchValues => Patch * Patch * Channels;

    /// <summary>A number of tokens with those that fill it up.</summary>
    public static long Filled(long count) => (count + FilledTo - 1) / FilledTo * FilledTo;

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, is not supported, or sizes do not fit each other.</exception>
    public static ZImageTransformerConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("siglip_feat_dim");
        OnlyOne("all_patch_size", Patch);
        OnlyOne("all_f_patch_size", 1);
        ZImageTransformerConfig parsed = Sizes(config);
        return parsed switch
        {
            _ when parsed.Width % parsed.HeadCount != 0
                => throw config.Error($"dim {parsed.Width} is no multiple of n_heads {parsed.HeadCount}"),
            _ when parsed.AxisWidths.Count != RotaryAxes || parsed.AxisWidths.Any(width => width % 2 != 0)
                || parsed.AxisWidths.Sum() != parsed.HeadWidth => throw config.Error(
                    $"axes_dims is {string.Join(", ", parsed.AxisWidths)}; it must be {RotaryAxes} even widths that make up a head's "
                    + $"{parsed.HeadWidth}"),
            _ when parsed.AxisLengths.Count != RotaryAxes => throw config.Error($"axes_lens must be {RotaryAxes} numbers"),
            _ => parsed,
        };

        void OnlyOne(string key, int supported)
        {
            if (config.Ints(key, [supported], 1, Most.Patch) is not [int size] || size != supported)
            {
                throw config.Error($"{key} is not [{supported}], which alone is supported");
            }
        }
    }

    private static ZImageTransformerConfig Sizes(ConfigReader config) => new()
    {
        Channels = config.Count("in_channels", 16, Most.Channels),
        Width = config.Count("dim", 3840),
        LayerCount = config.Count("n_layers", 30, Most.Layers),
        RefinerCount = config.Count("n_refiner_layers", 2, Most.Layers),
        HeadCount = config.Count("n_heads", 30, Most.Heads),
        NormsQueries = config.Flag("qk_norm", true),
        NormEpsilon = config.Number("norm_eps", 1e-5, NumberRange.Epsilon),
        TextWidth = config.Count("cap_feat_dim", 2560),
        TimeScale = config.Number("t_scale", 1000, NumberRange.Factor),
        AxisWidths = config.Ints("axes_dims", [32, 48, 48], 0, Most.HeadWidth),
        AxisLengths = config.Ints("axes_lens", [1024, 512, 512], 1, Most.Any),
        RotaryTheta = config.Number("rope_theta", 256, NumberRange.Factor),
    };
}
