using System.Globalization;
using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Families;

/// <summary>A part of a model's folder as its family reads it; each kind knows what of it determines images.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Name">The part's name, such as <c>unet</c>.</param>
internal abstract record ModelPart(ModelFolder Folder, string Name)
{
    /// <summary>What its writer tells of itself in a config, and what the loader decides: nothing of the model.</summary>
    private static readonly string[] Remarks = ["transformers_version", "torch_dtype", "dtype", "architectures", "name_or_path"];

    /// <summary>Hash of all that is read of the part.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged.</exception>
    public abstract string Digest(string? variant, DigestCache cache);

    /// <summary>A JSON object whatever its white space, the order of its keys, the spelling of its numbers, and its remarks.</summary>
    private protected static string Canonical(JsonElement value, bool isRoot = true) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', Properties(value, isRoot).Select(Pair))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(item => Canonical(item, isRoot: false)))}]",
        JsonValueKind.Number when !value.TryGetInt64(out _) => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        _ => value.GetRawText(),
    };

    private static IEnumerable<JsonProperty> Properties(JsonElement value, bool isRoot)
        => value.EnumerateObject()
            .Where(property => !isRoot || !(property.Name.StartsWith('_') || Remarks.Contains(property.Name)))
            .OrderBy(property => property.Name, StringComparer.Ordinal);

    private static string Pair(JsonProperty property)
        => $"{JsonSerializer.Serialize(property.Name)}:{Canonical(property.Value, isRoot: false)}";
}

/// <summary>A part that is a config alone, such as a scheduler.</summary>
internal sealed record ConfigPart(ModelFolder Folder, string Name) : ModelPart(Folder, Name)
{
    public override string Digest(string? variant, DigestCache cache) => ContentHash.Of([Canonical(Folder.Config(Name))]);
}

/// <summary>A part with a config and weights.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Name">The part's name.</param>
/// <param name="Build">Makes its network without memory.</param>
internal sealed record NetworkPart(ModelFolder Folder, string Name, Func<nn.Module> Build) : ModelPart(Folder, Name)
{
    public override string Digest(string? variant, DigestCache cache)
    {
        using WeightFiles weights = WeightFiles.Open(Folder.PathOf(Name), variant);
        using nn.Module network = Build();
        return ContentHash.Of([Folder.ComponentClass(Name), Canonical(Folder.Config(Name)), weights.Digest(network, cache)]);
    }
}

/// <summary>A tokenizer: the files that <see cref="PromptTokenizer"/> reads, no others.</summary>
internal sealed record TokenizerPart(ModelFolder Folder, string Name) : ModelPart(Folder, Name)
{
    private static readonly string[] Sentences = [TokenizerFolder.SentencePieces, TokenizerFolder.Config, TokenizerFolder.AddedTokens];

    private static readonly string[] Pairs =
    [
        TokenizerFolder.Vocabulary,
        TokenizerFolder.Merges,
        TokenizerFolder.Config,
        TokenizerFolder.SpecialTokensMap,
        TokenizerFolder.AddedTokens,
    ];

    private static readonly string[] Whole =
    [
        TokenizerFolder.Whole,
        TokenizerFolder.Config,
        TokenizerFolder.SpecialTokensMap,
        TokenizerFolder.AddedTokens,
    ];

    /// <summary>
    /// The tokenizer. Its text encoder is the part whose name differs in the same way (<c>tokenizer_2</c>, <c>text_encoder_2</c>).
    /// </summary>
    /// <exception cref="BadInputException">A file is missing or malformed, or they do not belong together.</exception>
    public PromptTokenizer Read()
    {
        string encoder = Name.Replace("tokenizer", "text_encoder", StringComparison.Ordinal);
        int positions = 0;
        bool isKnown = Folder.Has(encoder)
            && Folder.Config(encoder).TryGetProperty("max_position_embeddings", out JsonElement length)
            && length.ValueKind == JsonValueKind.Number
            && length.TryGetInt32(out positions)
            && positions >= 2;
        return PromptTokenizer.FromFolder(Folder.PathOf(Name), isKnown ? positions : null, Folder.ComponentClass(Name));
    }

    public override string Digest(string? variant, DigestCache cache)
    {
        string folder = Folder.PathOf(Name);
        bool isFast = TokenizerFolder.IsFast(Folder.ComponentClass(Name));
        bool isT5 = File.Exists(Path.Combine(folder, TokenizerFolder.SentencePieces));
        bool readsWhole = isT5
            ? TokenizerFolder.ReadsWhole(folder, isFast, TokenizerFolder.SentencePieces)
            : TokenizerFolder.ReadsWhole(folder, isFast, TokenizerFolder.Vocabulary, TokenizerFolder.Merges);
        string[] files = Qwen2Vocabulary.IsFolder(folder) ? Qwen2Vocabulary.FilesOf(folder)
            : readsWhole ? Whole : isT5 ? Sentences : Pairs;
        IEnumerable<string> contents =
            from file in files
            let path = Path.Combine(folder, file)
            where File.Exists(path)
            select $"{file} {Content(path)}";

        // The fast class makes other ids of the same pieces; of byte pairs both make the same.
        return ContentHash.Of(isT5 && isFast && !readsWhole ? contents.Append("fast") : contents);
    }

    private static string Content(string path) => Path.GetExtension(path) == ".json"
        ? Canonical(ConfigFile.ReadObject(path))
        : ContentHash.Of(InputFile.ReadBytes(path));
}
