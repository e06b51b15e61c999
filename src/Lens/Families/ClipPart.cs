using System.Text.Json;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;

namespace DiffusionLens.Families;

/// <summary>A CLIP text encoder as a part of a model's folder.</summary>
/// <param name="Name">The part's name.</param>
/// <param name="Tokenizer">Its tokenizer's.</param>
/// <param name="HasProjection">Whether it is a CLIPTextModelWithProjection.</param>
internal sealed record ClipPart(string Name, string Tokenizer, bool HasProjection = false)
{
    public string ClassName => HasProjection ? "CLIPTextModelWithProjection" : "CLIPTextModel";

    /// <exception cref="BadInputException">The config is missing, damaged or not supported.</exception>
    public ClipTextConfig Config(ModelFolder folder) => ClipTextConfig.Parse(folder.Config(Name), folder.ConfigPath(Name));

    /// <summary>The network, without values.</summary>
    public ClipTextModel Network(ClipTextConfig config, Placement placement) => new(config, placement, HasProjection);

    /// <summary>The tokenizer, as long as the encoder has positions where its own files do not say.</summary>
    /// <exception cref="BadInputException">A file is missing or malformed, or they do not belong together.</exception>
    public ClipTokenizer ReadTokenizer(ModelFolder folder)
        => folder.ClipTokenizer(Tokenizer, folder.Has(Name) ? PositionsOf(folder.Config(Name)) : ClipTokenizer.StableDiffusionLength);

    /// <summary>What determines the images of it.</summary>
    public IEnumerable<ModelPart> Parts(ModelFolder folder) =>
    [
        new TokenizerPart(folder, Tokenizer, _ => ReadTokenizer(folder)),
        NetworkPart.Of(folder, Name, Config, Network),
    ];

    private static int PositionsOf(JsonElement config)
        => (ClipTextConfig.OfWhole(config) ?? config).TryGetProperty("max_position_embeddings", out JsonElement length)
            && length.ValueKind == JsonValueKind.Number
            && length.TryGetInt32(out int positions)
            && positions >= 2 ? positions : ClipTokenizer.StableDiffusionLength;
}
