using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>The added tokens of a tokenizer's folder.</summary>
internal static class AddedTokenFiles
{
    /// <summary>
    /// Those of all files that list them, which say the same: the vocabulary's and the config, or where the config lists none
    /// <c>added_tokens.json</c>.
    /// </summary>
    /// <param name="folder">The tokenizer's folder.</param>
    /// <param name="vocabulary">Those that its vocabulary's own file lists.</param>
    /// <param name="path">That file.</param>
    /// <exception cref="BadInputException">Two files say different things, or an entry is no token.</exception>
    public static IReadOnlyList<AddedToken> Read(string folder, IEnumerable<AddedToken> vocabulary, string path)
    {
        List<AddedToken> tokens = [];
        Dictionary<string, AddedToken> ofContent = new(StringComparer.Ordinal);
        foreach (AddedToken token in vocabulary)
        {
            Add(path, token);
        }

        string config = Path.Combine(folder, TokenizerFolder.Config), own = Path.Combine(folder, TokenizerFolder.AddedTokens);
        if (File.Exists(config) && SpecialTokenFiles.DecoderOf(ConfigFile.ReadObject(config)) is { } decoder)
        {
            foreach (JsonProperty entry in decoder.EnumerateObject())
            {
                Add(config, int.TryParse(entry.Name, out int id) && id >= 0 ? AddedToken.Parse(entry.Value, id) : null, entry.Name);
            }
        }
        else if (File.Exists(own))
        {
            foreach (JsonProperty entry in ConfigFile.ReadObject(own).EnumerateObject())
            {
                bool isId = entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int id) && AddedToken.IsId(id);
                Add(own, isId ? new AddedToken(entry.Name, entry.Value.GetInt32()) : null, entry.Name);
            }
        }

        return tokens;

        void Add(string path, AddedToken? token, string name = "")
        {
            if (token is null)
            {
                throw new BadInputException($"{path}: adds {name}, which is no token with a whole number, 0 to {Most.Any - 1}");
            }

            if (ofContent.TryAdd(token.Content, token))
            {
                tokens.Add(token);
            }
            else if (ofContent[token.Content] is var known && known.Id != token.Id)
            {
                throw new BadInputException(
                    $"{path}: gives \"{token.Content}\" the id {token.Id}; another file of the folder gives it {known.Id}");
            }
        }
    }
}
