using System.Globalization;
using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// The tokens of a CLIP tokenizer's folder that are cut out of a text: those with a role, and words that someone taught the model
/// (textual inversion). As in transformers, words stand in the config, or where it lists none in <c>added_tokens.json</c> and
/// <c>tokenizer.json</c>.
/// </summary>
internal sealed class ClipTokenFiles
{
    private readonly string _folder;
    private readonly ClipVocabulary _vocabulary;
    private readonly SpecialTokenFiles _special;

    // As the files write them.
    private readonly Dictionary<int, AddedToken> _ofId = [];

    // By what is looked for.
    private readonly Dictionary<string, AddedToken> _added = new(StringComparer.Ordinal);

    /// <param name="folder">The tokenizer's folder.</param>
    /// <param name="config">Its <c>tokenizer_config.json</c>.</param>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="json">Its <c>tokenizer.json</c>; null: the older files are read.</param>
    /// <exception cref="BadInputException">
    /// A file is malformed, a role is given to nothing or to no token, or an added token has another's id.
    /// </exception>
    public ClipTokenFiles(string folder, JsonElement config, ClipVocabulary vocabulary, TokenizerJson? json)
    {
        (_folder, _vocabulary, _special) = (folder, vocabulary, new SpecialTokenFiles(folder, config));
        string wholePath = TokenizerJson.PathIn(folder);
        AddListed(config);
        IReadOnlyList<AddedToken> ofWhole = json is not null ? json.AddedTokens
            : SpecialTokenFiles.DecoderOf(config) is null && File.Exists(wholePath) ? TokenizerJson.ReadAddedTokens(folder)
            : [];
        foreach (AddedToken token in ofWhole)
        {
            Add(wholePath, token);
        }

        foreach (AddedToken token in _ofId.Values)
        {
            LookFor(token);
        }

        Roles = new SpecialTokens(
            Role("bos_token", EmbeddedClipVocabulary.SpecialTokens.Start),
            Role("eos_token", EmbeddedClipVocabulary.SpecialTokens.End),
            Role("unk_token", EmbeddedClipVocabulary.SpecialTokens.Unknown),
            Role("pad_token", EmbeddedClipVocabulary.SpecialTokens.Padding));
        RefuseParts();
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

    /// <summary><c>added_tokens_decoder</c> of the config, or the older <c>added_tokens.json</c>.</summary>
    private void AddListed(JsonElement config)
    {
        string configPath = PathOf(TokenizerFolder.Config), addedPath = PathOf(TokenizerFolder.AddedTokens);
        if (SpecialTokenFiles.DecoderOf(config) is { } decoder)
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
        else if (File.Exists(addedPath))
        {
            foreach (JsonProperty entry in ConfigFile.ReadObject(addedPath).EnumerateObject())
            {
                Add(addedPath, entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int id) && AddedToken.IsId(id)
                    ? Listed(entry.Name, id)
                    : throw new BadInputException(
                        $"{addedPath}: \"{entry.Name}\" has id {entry.Value.GetRawText()}; ids are whole numbers, 0 to {Most.Any - 1}"));
            }
        }
    }

    /// <summary>The file says no more than this of a token.</summary>
    private AddedToken Listed(string content, int id)
    {
        bool hasRole = _special.HasRole(content);
        return new AddedToken(content, id) { IsSpecial = hasRole, IsNormalized = !hasRole };
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

        _ofId[token.Id] = token;
    }

    /// <summary>In normalized text a token is looked for as it is when normalized itself.</summary>
    private string LookFor(AddedToken token)
    {
        string content = token.IsNormalized ? ClipWords.Normalize(AlignedText.Of(token.Content)).Text : token.Content;
        _added[content] = token with { Content = content };
        return content;
    }

    /// <summary>The token with a role, as it is looked for.</summary>
    private string Role(string role, string defaultValue)
    {
        NamedToken? named = _special.Find(role);
        string path = named?.Path ?? PathOf(TokenizerFolder.Config);
        string content = named is null ? defaultValue : named.Content
            ?? throw new BadInputException($"{path}: names no {role}; it is a string, or an object with \"content\"");
        AddedToken? listed = _ofId.Values.LastOrDefault(token => token.Content == content);
        int id = listed?.Id ?? _vocabulary.IdOfPiece.GetValueOrDefault(content, -1);
        if (id < 0)
        {
            throw new BadInputException($"{path}: its {role} \"{content}\" is not in the vocabulary, where it has to be");
        }

        // Tokens that nothing else is said about are made by CLIPTokenizer itself, which looks for them in normalized text.
        return LookFor(_ofId[id] = listed ?? new AddedToken(content, id) { IsSpecial = true, IsNormalized = named?.IsNormalized ?? true });
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
}
