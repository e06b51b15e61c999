using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// Reads the sizes of Qwen2.5-VL's language part (transformers: Qwen2_5_VLConfig). It is Qwen3's decoder, but that queries, keys and values
/// have biases and no norms, and that a head is as wide as heads make up the width. Its positions on three axes are one and the same in
/// text, so that <c>mrope_section</c> changes nothing.
/// </summary>
internal static class Qwen25VLConfig
{
    private const string Nested = "text_config";

    /// <summary>Reads a <c>config.json</c>, in which the language part has an object of its own or stands at the top.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, is not supported, or sizes do not fit each other.</exception>
    public static Qwen3Config Parse(JsonElement json, string source)
    {
        new ConfigReader(json, source).Only("model_type", "qwen2_5_vl", "qwen2_5_vl_text");
        bool isNested = json.TryGetProperty(Nested, out JsonElement text) && text.ValueKind == JsonValueKind.Object;
        return isNested ? OfLanguage(text, $"{source}: {Nested}") : OfLanguage(json, source);
    }

    private static Qwen3Config OfLanguage(JsonElement json, string source)
    {
        ConfigReader config = new(json, source);
        config.Only("model_type", "qwen2_5_vl", "qwen2_5_vl_text");
        config.Only("hidden_act", "silu");
        config.Only("use_sliding_window", "false");
        if (config.Texts("layer_types", []).FirstOrDefault(kind => kind != "full_attention") is { } other)
        {
            throw config.Error($"layer_types has '{other}'; supported: full_attention");
        }

        int width = config.Count("hidden_size", 8192), heads = config.Count("num_attention_heads", 64, Most.Heads);
        if (width % heads != 0 || config.Count("head_dim", width / heads) != width / heads)
        {
            throw config.Error($"hidden_size {width} is to be shared by {heads} heads (num_attention_heads), each as wide as the others");
        }

        return Qwen3Config.Checked(
            new Qwen3Config
            {
                VocabularySize = config.Count("vocab_size", 152064),
                Width = width,
                InnerWidth = config.Count("intermediate_size", 29568),
                LayerCount = config.Count("num_hidden_layers", 80, Most.Layers),
                HeadCount = heads,
                KeyHeadCount = config.IsNull("num_key_value_heads") ? heads : config.Count("num_key_value_heads", 8, Most.Heads),
                HeadWidth = width / heads,
                RotaryTheta = Qwen3Config.RotaryThetaOf(config, json, source, defaultValue: 1e6, "mrope"),
                NormEpsilon = config.Number("rms_norm_eps", 1e-5, NumberRange.Epsilon),
                NormsQueries = false,
                HasBiases = true,
                HasVision = true,
            },
            config);
    }
}
