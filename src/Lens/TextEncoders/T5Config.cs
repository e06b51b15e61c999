using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.TextEncoders;

/// <summary>The sizes of a T5 v1.1 encoder, as its <c>config.json</c> gives them (transformers: T5Config).</summary>
public sealed record T5Config
{
    /// <summary>Rows of the token embedding; often more than the tokenizer has ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the hidden states (<c>d_model</c>).</summary>
    public required int Width { get; init; }

    /// <summary>Width of one attention head (<c>d_kv</c>); the heads together may be wider or narrower than the states.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Width inside the feed-forward layers (<c>d_ff</c>).</summary>
    public required int InnerWidth { get; init; }

    /// <summary>L: how many blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads in each block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Classes of distances between tokens, each with its attention bias.</summary>
    public required int DistanceBuckets { get; init; }

    /// <summary>From this distance on, all are of one class.</summary>
    public required int MaxDistance { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">
    /// A value has the wrong type, or the file is one of T5's first version, whose layers have no gate.
    /// </exception>
    public static T5Config Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("dense_act_fn", "gelu_new");
        string feedForward = config.Text("feed_forward_proj", "relu");
        return feedForward == "gated-gelu"
            ? Sizes(config)
            : throw config.Error($"feed_forward_proj is '{feedForward}', which is not supported; T5 v1.1 has gated-gelu");
    }

    private static T5Config Sizes(ConfigReader config) => new()
    {
        VocabularySize = config.Count("vocab_size", 32128),
        Width = config.Count("d_model", 512),
        HeadWidth = config.Count("d_kv", 64, Most.HeadWidth),
        InnerWidth = config.Count("d_ff", 2048),
        LayerCount = config.Count("num_layers", 6, Most.Layers),
        HeadCount = config.Count("num_heads", 8, Most.Heads),
        DistanceBuckets = config.Count("relative_attention_num_buckets", 32),
        MaxDistance = config.Count("relative_attention_max_distance", 128),
        NormEpsilon = config.Number("layer_norm_epsilon", 1e-6, NumberRange.Epsilon),
    };
}
