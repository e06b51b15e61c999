using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// The sizes of a Qwen3 decoder, as its <c>config.json</c> gives them (transformers: Qwen3Config), or of a Qwen2.5 one, which differs in
/// two parts of its attention (<see cref="Qwen25VLConfig"/>).
/// </summary>
internal sealed record Qwen3Config
{
    /// <summary>Rows of the token embedding; more than the tokenizer has ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the hidden states.</summary>
    public required int Width { get; init; }

    /// <summary>Width inside the feed-forward layers.</summary>
    public required int InnerWidth { get; init; }

    /// <summary>L: how many blocks the checkpoint has.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads in each block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Heads of keys and values, each of which serves as many neighboring heads.</summary>
    public required int KeyHeadCount { get; init; }

    /// <summary>Width of one head; the heads together may be wider or narrower than the states.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>What the periods of the rotary positions grow by.</summary>
    public required double RotaryTheta { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Whether queries and keys are normed, head by head: Qwen3's are, Qwen2.5's are not.</summary>
    public bool NormsQueries { get; init; } = true;

    /// <summary>Whether the maps to queries, keys and values have biases: Qwen3's have none, Qwen2.5's do.</summary>
    public bool HasBiases { get; init; }

    /// <summary>Whether checkpoints hold a vision tower beside it, as Qwen2.5-VL's do.</summary>
    public bool HasVision { get; init; }

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, is not supported, or sizes do not fit each other.</exception>
    public static Qwen3Config Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("model_type", "qwen3");
        config.Only("hidden_act", "silu");
        config.Only("attention_bias", "false");
        config.Only("use_sliding_window", "false");
        if (config.Texts("layer_types", []).FirstOrDefault(kind => kind != "full_attention") is { } other)
        {
            throw config.Error($"layer_types has '{other}'; supported: full_attention");
        }

        return Checked(Sizes(config, RotaryThetaOf(config, json, source)), config);
    }

    /// <summary>Sizes that fit each other.</summary>
    /// <exception cref="BadInputException">They do not.</exception>
    internal static Qwen3Config Checked(Qwen3Config parsed, ConfigReader config)
        => parsed switch
        {
            _ when parsed.HeadCount % parsed.KeyHeadCount != 0 => throw config.Error(
                $"num_attention_heads {parsed.HeadCount} is no multiple of num_key_value_heads {parsed.KeyHeadCount}"),
            _ when parsed.HeadWidth < 2 || parsed.HeadWidth % 2 != 0 => throw config.Error(
                $"head_dim {parsed.HeadWidth} is not even; rotary positions turn pairs"),
            _ => parsed,
        };

    private static Qwen3Config Sizes(ConfigReader config, double theta) => new()
    {
        VocabularySize = config.Count("vocab_size", 151936),
        Width = config.Count("hidden_size", 4096),
        InnerWidth = config.Count("intermediate_size", 22016),
        LayerCount = config.Count("num_hidden_layers", 32, Most.Layers),
        HeadCount = config.Count("num_attention_heads", 32, Most.Heads),
        KeyHeadCount = config.Count("num_key_value_heads", 32, Most.Heads),
        HeadWidth = config.Count("head_dim", 128, Most.HeadWidth),
        RotaryTheta = theta,
        NormEpsilon = config.Number("rms_norm_eps", 1e-6, NumberRange.Epsilon),
    };

    /// <summary>Newer files hold it among <c>rope_parameters</c>. Positions are not rescaled.</summary>
    /// <param name="config">Reads the object of the sizes.</param>
    /// <param name="json">That object.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <param name="defaultValue">Where nothing says it.</param>
    /// <param name="kinds">What the positions may be called.</param>
    internal static double RotaryThetaOf(
        ConfigReader config, JsonElement json, string source, double defaultValue = 10_000, params string[] kinds)
    {
        double theta = config.Number("rope_theta", defaultValue, NumberRange.Factor);
        foreach (string key in new[] { "rope_scaling", "rope_parameters" })
        {
            if (json.TryGetProperty(key, out JsonElement nested) && nested.ValueKind == JsonValueKind.Object)
            {
                ConfigReader rope = new(nested, $"{source}: {key}");
                rope.Only("rope_type", ["default", .. kinds]);
                rope.Only("type", ["default", .. kinds]);
                theta = rope.Number("rope_theta", theta, NumberRange.Factor);
            }
        }

        return theta;
    }
}
