using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>The tokens with a role, as pieces of the vocabulary.</summary>
internal sealed record SpecialTokens(string Start, string End, string Unknown, string Padding)
{
    /// <summary>All of them, each once.</summary>
    public IEnumerable<string> All => new[] { Start, End, Unknown, Padding }.Distinct(StringComparer.Ordinal);

    /// <summary>
    /// Reads the roles from <c>special_tokens_map.json</c>, and what is not in it from <c>tokenizer_config.json</c>: Stable
    /// Diffusion 2 names its padding token, <c>!</c>, in the map alone.
    /// </summary>
    /// <exception cref="BadInputException">
    /// A file is malformed, a role is given to nothing or to no piece of the vocabulary, or the folder adds further tokens.
    /// </exception>
    public static SpecialTokens Read(string folder, JsonElement config, ClipVocabulary vocabulary)
    {
        string configPath = Path.Combine(folder, TokenizerFolder.Config);
        string mapPath = Path.Combine(folder, TokenizerFolder.SpecialTokensMap);
        string addedPath = Path.Combine(folder, TokenizerFolder.AddedTokens);
        JsonElement? map = File.Exists(mapPath) ? ConfigFile.ReadObject(mapPath) : null;

        SpecialTokens tokens = new(Token("bos_token"), Token("eos_token"), Token("unk_token"), Token("pad_token"));
        if (config.TryGetProperty("added_tokens_decoder", out JsonElement decoder) && decoder.ValueKind == JsonValueKind.Object)
        {
            tokens.RefuseOthers(configPath, decoder.EnumerateObject().Select(entry => ContentOf(entry.Value)));
        }

        if (File.Exists(addedPath))
        {
            tokens.RefuseOthers(addedPath, ConfigFile.ReadObject(addedPath).EnumerateObject().Select(entry => entry.Name));
        }

        return tokens;

        string Token(string role)
        {
            bool mapped = map is { } there && there.TryGetProperty(role, out _);
            (string path, JsonElement file) = mapped ? (mapPath, map!.Value) : (configPath, config);
            string token = (file.TryGetProperty(role, out JsonElement value) ? ContentOf(value) : null)
                ?? throw new BadInputException($"{path}: names no {role}; it is a string, or an object with \"content\"");
            return vocabulary.IdOfPiece.ContainsKey(token)
                ? token
                : throw new BadInputException($"{path}: its {role} \"{token}\" is not in {TokenizerFolder.Vocabulary}, where it has to be");
        }
    }

    private static string? ContentOf(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String when token.GetString() is { Length: > 0 } text => text,
        JsonValueKind.Object when token.TryGetProperty("content", out JsonElement content) => ContentOf(content),
        _ => null,
    };

    private void RefuseOthers(string path, IEnumerable<string?> added)
    {
        if (added.Except(All, StringComparer.Ordinal).FirstOrDefault() is string other)
        {
            throw new BadInputException(
                $"{path}: adds the token \"{other}\", which is not supported; only start, end, unknown and padding tokens can be special");
        }
    }
}
