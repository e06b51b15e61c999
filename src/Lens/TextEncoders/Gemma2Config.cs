using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.TextEncoders;

/// <summary>The sizes of a Gemma 2 decoder, as its <c>config.json</c> gives them (transformers: Gemma2Config).</summary>
internal sealed record Gemma2Config
{
    private const string Sliding = "sliding_attention", Full = "full_attention";

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

    /// <summary>Scores of attention are divided by the root of this, which need not be the heads' width.</summary>
    public required double QueryScalar { get; init; }

    /// <summary>How many positions a block with a window sees, its own among them.</summary>
    public required int Window { get; init; }

    /// <summary>Whether each block sees only <see cref="Window"/> positions.</summary>
    public required IReadOnlyList<bool> HasWindow { get; init; }

    /// <summary>What scores are bent to where they are soft-capped; null: the model was trained without.</summary>
    public required double? AttentionCap { get; init; }

    /// <summary>What the periods of the rotary positions grow by.</summary>
    public required double RotaryTheta { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, is not supported, or sizes do not fit each other.</exception>
    public static Gemma2Config Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("model_type", "gemma2");
        config.Only("hidden_activation", "gelu_pytorch_tanh");
        config.Only("attention_bias", "false");
        config.Only("use_bidirectional_attention", "false");
        Gemma2Config parsed = Sizes(config, Qwen3Config.RotaryThetaOf(config, json, source));
        return parsed switch
        {
            _ when parsed.HeadCount % parsed.KeyHeadCount != 0 => throw config.Error(
                $"num_attention_heads {parsed.HeadCount} is no multiple of num_key_value_heads {parsed.KeyHeadCount}"),
            _ when parsed.HeadWidth % 2 != 0 => throw config.Error(
                $"head_dim {parsed.HeadWidth} is not even; rotary positions turn pairs"),
            _ => parsed,
        };
    }

    private static Gemma2Config Sizes(ConfigReader config, double theta)
    {
        int layers = config.Count("num_hidden_layers", 26, Most.Layers);
        return new()
        {
            VocabularySize = config.Count("vocab_size", 256000),
            Width = config.Count("hidden_size", 2304),
            InnerWidth = config.Count("intermediate_size", 9216),
            LayerCount = layers,
            HeadCount = config.Count("num_attention_heads", 8, Most.Heads),
            KeyHeadCount = config.Count("num_key_value_heads", 4, Most.Heads),
            HeadWidth = config.Count("head_dim", 256, Most.HeadWidth),
            QueryScalar = config.Number("query_pre_attn_scalar", 256, NumberRange.Factor),
            Window = config.Count("sliding_window", 4096),
            HasWindow = WindowsOf(config, layers),
            AttentionCap = config.IsNull("attn_logit_softcapping") ? null : config.Number("attn_logit_softcapping", 50, NumberRange.Factor),
            RotaryTheta = theta,
            NormEpsilon = config.Number("rms_norm_eps", 1e-6, NumberRange.Epsilon),
        };
    }

    /// <summary>Where the file does not say, every other block has a window, beginning with the first.</summary>
    private static bool[] WindowsOf(ConfigReader config, int layers)
    {
        string[] kinds = config.Texts("layer_types", [.. Enumerable.Range(0, layers).Select(layer => layer % 2 == 0 ? Sliding : Full)]);
        return kinds.FirstOrDefault(kind => kind is not (Sliding or Full)) is { } other
            ? throw config.Error($"layer_types has '{other}'; supported: {Full}, {Sliding}")
            : kinds.Length == layers
                ? [.. kinds.Select(kind => kind == Sliding)]
                : throw config.Error($"layer_types names {kinds.Length} blocks; num_hidden_layers is {layers}");
    }
}
