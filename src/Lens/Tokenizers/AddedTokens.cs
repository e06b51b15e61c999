using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// Tokens that a tokenizer's folder adds to its vocabulary: they are cut out of a text, wherever they are written out, before anything else
/// is done to it.
/// </summary>
internal sealed class AddedTokens
{
    private static readonly string[] Widening = ["lstrip", "rstrip", "single_word"];

    private readonly SortedDictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>The id of each.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>
    /// Those of all files that list them: <c>tokenizer.json</c>, <c>tokenizer_config.json</c>, <c>added_tokens.json</c>. They say the same.
    /// </summary>
    /// <exception cref="BadInputException">A file is malformed, or two give a token different ids.</exception>
    public static AddedTokens Read(string folder)
    {
        AddedTokens tokens = new();
        tokens.Add(folder, TokenizerFolder.Whole, file => file.TryGetProperty("added_tokens", out JsonElement list)
            && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Select(token => (token, token.TryGetProperty("id", out JsonElement id) ? id : default))
                : []);
        tokens.Add(folder, TokenizerFolder.Config, file => file.TryGetProperty("added_tokens_decoder", out JsonElement list)
            && list.ValueKind == JsonValueKind.Object
                ? list.EnumerateObject().Select(token => (token.Value, JsonSerializer.SerializeToElement(token.Name)))
                : []);
        tokens.Add(folder, TokenizerFolder.AddedTokens, file => file.EnumerateObject()
            .Select(token => (JsonSerializer.SerializeToElement(token.Name), token.Value)));
        return tokens;
    }

    private void Add(string folder, string name, Func<JsonElement, IEnumerable<(JsonElement Token, JsonElement Id)>> list)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return;
        }

        foreach ((JsonElement token, JsonElement id) in list(ConfigFile.ReadObject(path)))
        {
            if (ContentOf(token) is not { Length: > 0 } content || NumberOf(id) is not { } number)
            {
                throw new BadInputException($"{path}: adds {token.GetRawText()} with id {id}; a token is a string that has a whole number");
            }

            if (Array.Find(Widening, option => IsTrue(token, option)) is { } wide)
            {
                throw new BadInputException($"{path}: its token \"{content}\" has {wide}, which is not supported");
            }

            if (_ids.TryGetValue(content, out int other) && other != number)
            {
                throw new BadInputException($"{path}: gives \"{content}\" the id {number}; another file of the folder gives it {other}");
            }

            _ids[content] = number;
        }
    }

    private static string? ContentOf(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object when token.TryGetProperty("content", out JsonElement content) => ContentOf(content),
        _ => null,
    };

    private static int? NumberOf(JsonElement id) => id.ValueKind switch
    {
        JsonValueKind.Number when id.TryGetInt32(out int number) && number >= 0 => number,
        JsonValueKind.String when int.TryParse(id.GetString(), out int number) && number >= 0 => number,
        _ => null,
    };

    private static bool IsTrue(JsonElement token, string option) => token.ValueKind == JsonValueKind.Object
        && token.TryGetProperty(option, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
