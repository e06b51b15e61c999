using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Denoisers;

/// <summary>The sizes of FLUX.2's transformer, as its <c>config.json</c> gives them (diffusers: Flux2Transformer2DModel).</summary>
internal sealed record Flux2TransformerConfig
{
    /// <summary>Values of an image's token: channels of the latents, four of them a token.</summary>
    public required int InChannels { get; init; }

    /// <summary>Values that it predicts for a token.</summary>
    public required int OutChannels { get; init; }

    /// <summary>Width of the text's states.</summary>
    public required int TextWidth { get; init; }

    /// <summary>Blocks in which text and image have weights of their own.</summary>
    public required int DoubleBlockCount { get; init; }

    /// <summary>Blocks after them, with one set of weights.</summary>
    public required int SingleBlockCount { get; init; }

    /// <summary>Attention heads in each block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Width inside the feed-forward layers.</summary>
    public required int InnerWidth { get; init; }

    /// <summary>How many sines and cosines stand for the timestep.</summary>
    public required int SinusoidCount { get; init; }

    /// <summary>How much of a head's width each of the four position axes has.</summary>
    public required IReadOnlyList<int> AxisWidths { get; init; }

    /// <summary>What the periods of the rotary positions grow by.</summary>
    public required double RotaryTheta { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Width of the tokens.</summary>
    public int Width => HeadCount * HeadWidth;

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, is not supported, or sizes do not fit each other.</exception>
    public static Flux2TransformerConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("patch_size", "1");

        // The big model, whose guidance is part of its input; klein has none.
        if (config.Flag("guidance_embeds", true))
        {
            throw config.Error("guidance_embeds is true, which is not supported; FLUX.2 klein has false");
        }

        Flux2TransformerConfig parsed = Sizes(config);
        return parsed switch
        {
            _ when parsed.AxisWidths.Count != RotaryAxes || parsed.AxisWidths.Any(width => width % 2 != 0)
                || parsed.AxisWidths.Sum() != parsed.HeadWidth => throw config.Error(
                    $"axes_dims_rope is {string.Join(", ", parsed.AxisWidths)}; it must be {RotaryAxes} even widths that make up "
                    + $"attention_head_dim {parsed.HeadWidth}"),
            _ => parsed,
        };
    }

    private const int RotaryAxes = 4;

    private static Flux2TransformerConfig Sizes(ConfigReader config)
    {
        int inputs = config.Int("in_channels", 128, 4, Most.Channels), heads = config.Count("num_attention_heads", 48, Most.Heads);
        int headWidth = config.Count("attention_head_dim", 128, Most.HeadWidth);
        return new()
        {
            InChannels = inputs,
            OutChannels = config.Count("out_channels", inputs, Most.Channels),
            TextWidth = config.Count("joint_attention_dim", 15360),
            DoubleBlockCount = config.Count("num_layers", 8, Most.Layers),
            SingleBlockCount = config.Count("num_single_layers", 48, Most.Layers),
            HeadCount = heads,
            HeadWidth = headWidth,
            InnerWidth = (int)(heads * headWidth * config.Number("mlp_ratio", 3, NumberRange.MlpRatio)),
            SinusoidCount = config.Int("timestep_guidance_channels", 256, 2, Most.Any),
            AxisWidths = config.Ints("axes_dims_rope", [32, 32, 32, 32], 0, Most.HeadWidth),
            RotaryTheta = config.Number("rope_theta", 2000, NumberRange.Factor),
            NormEpsilon = config.Number("eps", 1e-6, NumberRange.Epsilon),
        };
    }
}
