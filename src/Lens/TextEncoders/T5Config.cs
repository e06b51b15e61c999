using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.TextEncoders;

/// <summary>The sizes of a T5 v1.1 encoder, as its <c>config.json</c> gives them (transformers: T5Config).</summary>
/// <param name="VocabularySize">Rows of the token embedding; often more than the tokenizer has ids.</param>
/// <param name="Width">Width of the hidden states (<c>d_model</c>).</param>
/// <param name="HeadWidth">Width of one attention head (<c>d_kv</c>); the heads together may be wider or narrower than the states.</param>
/// <param name="InnerWidth">Width inside the feed-forward layers (<c>d_ff</c>).</param>
/// <param name="LayerCount">L: how many blocks.</param>
/// <param name="HeadCount">Attention heads in each block.</param>
/// <param name="DistanceBuckets">Classes of distances between tokens, each with its attention bias.</param>
/// <param name="MaxDistance">From this distance on, all are of one class.</param>
/// <param name="NormEpsilon">Epsilon of the norms.</param>
public sealed record T5Config(
    int VocabularySize,
    int Width,
    int HeadWidth,
    int InnerWidth,
    int LayerCount,
    int HeadCount,
    int DistanceBuckets,
    int MaxDistance,
    double NormEpsilon)
{
    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, or the file is one of T5's first version, whose layers have no gate.</exception>
    public static T5Config Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("dense_act_fn", "gelu_new");
        string feedForward = config.Text("feed_forward_proj", "relu");
        return feedForward == "gated-gelu"
            ? new(
                config.Int("vocab_size", 32128),
                config.Int("d_model", 512),
                config.Int("d_kv", 64),
                config.Int("d_ff", 2048),
                config.Int("num_layers", 6),
                config.Int("num_heads", 8),
                config.Int("relative_attention_num_buckets", 32),
                config.Int("relative_attention_max_distance", 128),
                config.Number("layer_norm_epsilon", 1e-6))
            : throw config.Error($"feed_forward_proj is '{feedForward}', which is not supported; T5 v1.1 has gated-gelu");
    }
}
