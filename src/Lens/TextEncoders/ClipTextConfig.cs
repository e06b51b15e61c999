using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.TextEncoders;

/// <summary>The sizes of a CLIP text encoder, as its <c>config.json</c> gives them (transformers: CLIPTextConfig).</summary>
/// <param name="VocabularySize">Rows of the token embedding.</param>
/// <param name="Width">Width of the hidden states.</param>
/// <param name="InnerWidth">Width inside the MLP.</param>
/// <param name="LayerCount">L: how many blocks.</param>
/// <param name="HeadCount">Attention heads in each block.</param>
/// <param name="Positions">Longest sequence.</param>
/// <param name="Activation">The MLP's activation: <c>quick_gelu</c> (SD 1.x) or <c>gelu</c> (SD 2.x).</param>
/// <param name="NormEpsilon">Epsilon of the layer norms.</param>
public sealed record ClipTextConfig(
    int VocabularySize,
    int Width,
    int InnerWidth,
    int LayerCount,
    int HeadCount,
    int Positions,
    string Activation,
    double NormEpsilon)
{
    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, or sizes do not fit each other.</exception>
    public static ClipTextConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        ClipTextConfig parsed = new(
            config.Int("vocab_size", 49408),
            config.Int("hidden_size", 512),
            config.Int("intermediate_size", 2048),
            config.Int("num_hidden_layers", 12),
            config.Int("num_attention_heads", 8),
            config.Int("max_position_embeddings", 77),
            config.Text("hidden_act", "quick_gelu"),
            config.Number("layer_norm_eps", 1e-5));
        return parsed.HeadCount > 0 && parsed.Width % parsed.HeadCount == 0
            ? parsed
            : throw config.Error($"hidden_size {parsed.Width} is no multiple of num_attention_heads {parsed.HeadCount}");
    }
}
