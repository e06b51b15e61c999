using System.Text.Json;

namespace Lens.Tokenizers;

/// <summary>
/// The tokens with a role, as pieces of the vocabulary. special_tokens_map.json wins over tokenizer_config.json: Stable
/// Diffusion 2 names its padding token, <c>!</c>, only there.
/// </summary>
internal sealed record SpecialTokens(string Start, string End, string Unknown, string Padding)
{
    private const int LongestAllowed = 65_536;

    /// <summary>All of them, each once.</summary>
    public IEnumerable<string> All => new[] { Start, End, Unknown, Padding }.Distinct(StringComparer.Ordinal);

    /// <summary>Reads the special tokens and <c>model_max_length</c>.</summary>
    /// <exception cref="BadInputException">
    /// tokenizer_config.json is missing or malformed, a token has no name or is not in the vocabulary, the length is none, or the
    /// folder adds further tokens to the vocabulary.
    /// </exception>
    public static (SpecialTokens Tokens, int ModelMaxLength) Read(string folder, ClipVocabulary vocabulary)
    {
        string configPath = Path.Combine(folder, TokenizerFiles.Config);
        string mapPath = Path.Combine(folder, TokenizerFiles.SpecialTokensMap);
        string addedPath = Path.Combine(folder, TokenizerFiles.AddedTokens);
        JsonElement config = TokenizerFiles.ReadObject(configPath);
        JsonElement map = File.Exists(mapPath) ? TokenizerFiles.ReadObject(mapPath) : default;

        SpecialTokens tokens = new(Token("bos_token"), Token("eos_token"), Token("unk_token"), Token("pad_token"));
        if (config.TryGetProperty("added_tokens_decoder", out JsonElement decoder) && decoder.ValueKind == JsonValueKind.Object)
        {
            RefuseOthers(configPath, tokens, decoder.EnumerateObject().Select(entry => Content(configPath, entry.Name, entry.Value)));
        }

        if (File.Exists(addedPath))
        {
            RefuseOthers(addedPath, tokens, TokenizerFiles.ReadObject(addedPath).EnumerateObject().Select(entry => entry.Name));
        }

        return (tokens, MaxLength(configPath, config));

        string Token(string role)
        {
            bool mapped = map.ValueKind == JsonValueKind.Object && map.TryGetProperty(role, out _);
            (string path, JsonElement file) = mapped ? (mapPath, map) : (configPath, config);
            string token = Content(path, role, file.TryGetProperty(role, out JsonElement value) ? value : default);
            return vocabulary.IdOfPiece.ContainsKey(token)
                ? token
                : throw new BadInputException($"{path}: {role} \"{token}\" is not in {TokenizerFiles.Vocabulary}; it has to be one of its pieces");
        }
    }

    private static string Content(string path, string role, JsonElement token)
    {
        JsonElement content = token.ValueKind == JsonValueKind.Object && token.TryGetProperty("content", out JsonElement inner) ? inner : token;
        return content.ValueKind == JsonValueKind.String && content.GetString() is { Length: > 0 } text
            ? text
            : throw new BadInputException($"{path}: names no {role}; it is a string, or an object with \"content\"");
    }

    private static void RefuseOthers(string path, SpecialTokens tokens, IEnumerable<string> added)
    {
        if (added.Except(tokens.All, StringComparer.Ordinal).FirstOrDefault() is string other)
        {
            throw new BadInputException($"{path}: adds the token \"{other}\" to the vocabulary; only start, end, unknown and padding tokens are supported");
        }
    }

    private static int MaxLength(string path, JsonElement config) =>
        config.TryGetProperty("model_max_length", out JsonElement length)
        && length.ValueKind == JsonValueKind.Number
        && length.TryGetInt32(out int tokens)
        && tokens is >= 2 and <= LongestAllowed
            ? tokens
            : throw new BadInputException($"{path}: model_max_length has to be a whole number from 2 to {LongestAllowed}, as 77 is for Stable Diffusion");
}
