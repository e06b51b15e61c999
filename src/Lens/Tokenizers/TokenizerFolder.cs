using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>What the files of a tokenizer's folder are called.</summary>
internal static class TokenizerFolder
{
    public const string Whole = "tokenizer.json";
    public const string Vocabulary = "vocab.json";
    public const string Merges = "merges.txt";
    public const string SentencePieces = "spiece.model";
    public const string GemmaPieces = "tokenizer.model";
    public const string Config = "tokenizer_config.json";
    public const string SpecialTokensMap = "special_tokens_map.json";
    public const string AddedTokens = "added_tokens.json";
    public const string ChatTemplate = "chat_template.jinja";

    /// <summary>Whether a tokenizer's class is one of transformers' fast ones.</summary>
    public static bool IsFast(string className) => className.EndsWith("Fast", StringComparison.Ordinal);

    /// <summary>
    /// Whether <c>tokenizer.json</c> is read and not the older files: a fast class takes it where it is there, a slow one where there is
    /// nothing else (transformers 5 writes nothing else, whatever class it names).
    /// </summary>
    public static bool ReadsWhole(string folder, bool isFast, params string[] olderFiles)
        => File.Exists(Path.Combine(folder, Whole)) && (isFast || !olderFiles.All(name => File.Exists(Path.Combine(folder, name))));

    /// <summary>Whether <c>tokenizer.json</c> is the one vocabulary in a folder, and is one of unigrams.</summary>
    public static bool HoldsUnigrams(string folder)
        => ReadsWhole(folder, isFast: false, Vocabulary, Merges) && TokenizerJson.Read(folder).ModelType == TokenizerJson.Unigram;

    /// <summary>The id of a token with a role; the map of special tokens goes before the config.</summary>
    /// <param name="folder">The tokenizer's folder.</param>
    /// <param name="role">Its key, such as <c>pad_token</c>.</param>
    /// <param name="added">The added tokens, of which it is one.</param>
    /// <exception cref="BadInputException">No file names it, or it is no added token.</exception>
    public static int SpecialToken(string folder, string role, IEnumerable<AddedToken> added)
    {
        string configPath = Path.Combine(folder, Config), mapPath = Path.Combine(folder, SpecialTokensMap);
        string? mapped = File.Exists(mapPath) ? TokenOf(ConfigFile.ReadObject(mapPath), role) : null;
        string token = mapped ?? TokenOf(ConfigFile.ReadObject(configPath), role)
            ?? throw new BadInputException($"{configPath}: names no {role}; it is a string, or an object with \"content\"");
        return added.FirstOrDefault(one => one.Content == token) is { } found
            ? found.Id
            : throw new BadInputException($"{(mapped is null ? configPath : mapPath)}: its {role} \"{token}\" is no added token");
    }

    private static string? TokenOf(JsonElement file, string role)
        => !file.TryGetProperty(role, out JsonElement token) ? null
            : token.ValueKind == JsonValueKind.Object && token.TryGetProperty("content", out JsonElement content)
                && content.ValueKind == JsonValueKind.String ? content.GetString()
            : token.ValueKind == JsonValueKind.String ? token.GetString() : null;
}
