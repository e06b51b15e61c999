using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.TextEncoders;

/// <summary>The sizes of a CLIP text encoder, as its <c>config.json</c> gives them (transformers: CLIPTextConfig).</summary>
public sealed record ClipTextConfig
{
    /// <summary>The id by which old configs mean the largest of a text, as the end token was in the first vocabulary.</summary>
    private const int LargestId = 2;

    // Where transformers looks for a text encoder's config first.
    private const string TextOfWhole = "text_config";

    /// <summary>Rows of the token embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the hidden states.</summary>
    public required int Width { get; init; }

    /// <summary>Width inside the MLP.</summary>
    public required int InnerWidth { get; init; }

    /// <summary>L: how many blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads in each block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Longest sequence.</summary>
    public required int Positions { get; init; }

    /// <summary>The MLP's activation: <c>quick_gelu</c> (SD 1.x) or <c>gelu</c> (SD 2.x).</summary>
    public required string Activation { get; init; }

    /// <summary>Epsilon of the layer norms.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>
    /// The token at whose first position a text is summed up; 2, which old files have whatever their vocabulary says, means the largest id.
    /// </summary>
    public required int EndToken { get; init; }

    /// <summary>Width of the pooled vector after the projection, which only a CLIPTextModelWithProjection has.</summary>
    public required int ProjectionWidth { get; init; }

    /// <summary>Reads a <c>config.json</c>, or of a whole CLIP's what it says of the text encoder.</summary>
    /// <param name="json">Its root.</param>
    /// <param name="source">Its path, for errors.</param>
    /// <exception cref="BadInputException">A value has the wrong type, or sizes do not fit each other.</exception>
    public static ClipTextConfig Parse(JsonElement json, string source)
    {
        ConfigReader config = OfWhole(json) is { } text ? new(text, $"{source}: {TextOfWhole}") : new(json, source);
        ClipTextConfig parsed = new()
        {
            VocabularySize = config.Count("vocab_size", 49408),
            Width = config.Count("hidden_size", 512),
            InnerWidth = config.Count("intermediate_size", 2048),
            LayerCount = config.Count("num_hidden_layers", 12, Most.Layers),
            HeadCount = config.Count("num_attention_heads", 8, Most.Heads),
            Positions = config.Count("max_position_embeddings", 77),
            Activation = config.OneOf("hidden_act", "quick_gelu", Layers.Activation.Names),
            NormEpsilon = config.Number("layer_norm_eps", 1e-5, NumberRange.Epsilon),
            EndToken = config.Int("eos_token_id", 49407, 0, Most.Any),
            ProjectionWidth = config.Count("projection_dim", 512),
        };
        config.RequireMultiple("hidden_size", parsed.Width, "num_attention_heads", parsed.HeadCount);
        return parsed;
    }

    /// <summary>What a whole CLIP's config says of its text encoder; null: it is a text encoder's own.</summary>
    internal static JsonElement? OfWhole(JsonElement json)
        => json.TryGetProperty(TextOfWhole, out JsonElement text) && text.ValueKind == JsonValueKind.Object ? text : null;

    /// <summary>The sizes of its blocks.</summary>
    internal ClipBlockConfig Block => new(Width, InnerWidth, HeadCount, Activation, NormEpsilon, IsCausal: true);

    /// <summary>Where a text is summed up: at the first end token; of a text without one at the first of all, as in transformers.</summary>
    internal int PooledPosition(IReadOnlyList<int> ids)
    {
        int end = EndToken == LargestId ? ids.Max() : EndToken;
        return Math.Max(0, ids.ToList().IndexOf(end));
    }
}
