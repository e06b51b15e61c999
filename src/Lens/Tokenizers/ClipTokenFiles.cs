using System.Globalization;
using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// The tokens of a CLIP tokenizer's folder that are cut out of a text: those with a role, and words that someone taught the model
/// (textual inversion). Roles stand in <c>special_tokens_map.json</c>, and what is not in it in <c>tokenizer_config.json</c>: Stable
/// Diffusion 2 names its padding token, <c>!</c>, in the map alone.
/// </summary>
internal sealed class ClipTokenFiles
{
    private readonly string _folder;
    private readonly ClipVocabulary _vocabulary;
    private readonly Dictionary<string, AddedToken> _added = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _ofId = [];

    /// <param name="folder">The tokenizer's folder.</param>
    /// <param name="config">Its <c>tokenizer_config.json</c>.</param>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="json">Its <c>tokenizer.json</c>; null: the older files are read.</param>
    /// <exception cref="BadInputException">
    /// A file is malformed, a role is given to nothing or to no token, or an added token has another's id.
    /// </exception>
    public ClipTokenFiles(string folder, JsonElement config, ClipVocabulary vocabulary, TokenizerJson? json)
    {
        (_folder, _vocabulary) = (folder, vocabulary);
        AddListed(config);
        foreach (AddedToken token in json?.AddedTokens ?? [])
        {
            Add(json!.Path, token);
        }

        string mapPath = PathOf(TokenizerFolder.SpecialTokensMap);
        JsonElement? map = File.Exists(mapPath) ? ConfigFile.ReadObject(mapPath) : null;
        Roles = new SpecialTokens(
            Role("bos_token", EmbeddedClipVocabulary.SpecialTokens.Start),
            Role("eos_token", EmbeddedClipVocabulary.SpecialTokens.End),
            Role("unk_token", EmbeddedClipVocabulary.SpecialTokens.Unknown),
            Role("pad_token", EmbeddedClipVocabulary.SpecialTokens.Padding));
        RefuseParts();

        string Role(string role, string defaultValue)
        {
            bool mapped = map is { } there && there.TryGetProperty(role, out _);
            return ReadRole(mapped ? mapPath : PathOf(TokenizerFolder.Config), mapped ? map!.Value : config, role, defaultValue);
        }
    }

    /// <summary>The tokens with a role.</summary>
    public SpecialTokens Roles { get; }

    /// <summary>All tokens that are cut out.</summary>
    public IEnumerable<AddedToken> All => _added.Values;

    /// <summary>The pieces by id, added tokens among them; an id that none has is an empty string.</summary>
    public IReadOnlyList<string> Pieces()
    {
        int count = Math.Max(_vocabulary.Pieces.Count, _added.Values.Max(token => token.Id) + 1);
        string[] pieces = [.. _vocabulary.Pieces, .. Enumerable.Repeat("", count - _vocabulary.Pieces.Count)];
        foreach (AddedToken token in _added.Values)
        {
            pieces[token.Id] = token.Content;
        }

        return pieces;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary><c>added_tokens_decoder</c> of the config, and the older <c>added_tokens.json</c>.</summary>
    private void AddListed(JsonElement config)
    {
        string configPath = PathOf(TokenizerFolder.Config), addedPath = PathOf(TokenizerFolder.AddedTokens);
        if (config.TryGetProperty("added_tokens_decoder", out JsonElement decoder) && decoder.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty entry in decoder.EnumerateObject())
            {
                Add(configPath, int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                    && AddedToken.Parse(entry.Value, id) is { } token
                    ? token
                    : throw new BadInputException(
                        $"{configPath}: added_tokens_decoder has \"{entry.Name}\"; it maps ids to tokens with content"));
            }
        }

        if (File.Exists(addedPath))
        {
            foreach (JsonProperty entry in ConfigFile.ReadObject(addedPath).EnumerateObject())
            {
                Add(addedPath, entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int id) && AddedToken.IsId(id)
                    ? new AddedToken(entry.Name, id) { IsNormalized = true }
                    : throw new BadInputException(
                        $"{addedPath}: \"{entry.Name}\" has id {entry.Value.GetRawText()}; ids are whole numbers, 0 to {Most.Any - 1}"));
            }
        }
    }

    private void Add(string path, AddedToken token)
    {
        int own = _vocabulary.IdOfPiece.GetValueOrDefault(token.Content, -1);
        if (own < 0 && token.Id < _vocabulary.Pieces.Count)
        {
            throw new BadInputException(
                $"{path}: adds \"{token.Content}\" at {token.Id}, where the vocabulary has \"{_vocabulary.Pieces[token.Id]}\"");
        }

        if (own >= 0 && own != token.Id)
        {
            throw new BadInputException($"{path}: adds \"{token.Content}\" at {token.Id}; the vocabulary has it at {own}");
        }

        if (_ofId.TryGetValue(token.Id, out AddedToken? same) && same.Content != token.Content)
        {
            throw new BadInputException($"{path}: adds \"{token.Content}\" at {token.Id}, where \"{same.Content}\" is");
        }

        // In normalized text a token is looked for as it is when normalized itself.
        string content = token.IsNormalized ? ClipWords.Normalize(AlignedText.Of(token.Content)).Text : token.Content;
        _added[content] = _ofId[token.Id] = token with { Content = content };
    }

    private string ReadRole(string path, JsonElement file, string role, string defaultValue)
    {
        string content = defaultValue;
        bool? isNormalized = null;
        if (file.TryGetProperty(role, out JsonElement value))
        {
            content = ContentOf(value)
                ?? throw new BadInputException($"{path}: names no {role}; it is a string, or an object with \"content\"");
            isNormalized = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("normalized", out JsonElement flag)
                && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.ValueKind == JsonValueKind.True : null;
        }

        AddedToken? listed = _added.GetValueOrDefault(content);
        int id = listed?.Id ?? _vocabulary.IdOfPiece.GetValueOrDefault(content, -1);
        if (id < 0)
        {
            throw new BadInputException($"{path}: its {role} \"{content}\" is not in the vocabulary, where it has to be");
        }

        // Tokens that nothing else is said about are made by CLIPTokenizer itself, which looks for them in normalized text.
        _added[content] = listed ?? new AddedToken(content, id) { IsSpecial = true, IsNormalized = isNormalized ?? true };
        return content;
    }

    /// <summary>
    /// diffusers writes a word that was learned as several vectors as that many tokens, <c>&lt;cat&gt; &lt;cat&gt;_1</c> and so on, before
    /// its tokenizer sees the prompt.
    /// </summary>
    private void RefuseParts()
    {
        if (_added.Keys.FirstOrDefault(content => _added.ContainsKey(content + "_1")) is string several)
        {
            throw new BadInputException(
                $"{_folder}: its token \"{several}\" was learned as several vectors (\"{several}_1\" is there too), "
                + "which is not supported");
        }
    }

    private static string? ContentOf(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String when token.GetString() is { Length: > 0 } text => text,
        JsonValueKind.Object when token.TryGetProperty("content", out JsonElement content) => ContentOf(content),
        _ => null,
    };
}
