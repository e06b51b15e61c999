using System.Text.Json;
using DiffusionLens.Configs;
using Microsoft.ML.Tokenizers;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// CLIP's tokenizer: byte pairs within words, every text lower-cased and written between a start and an end token. Gives the ids
/// of the Hugging Face <c>CLIPTokenizerFast</c>, which <c>CLIPTokenizer</c> is too from transformers 5 on.
/// </summary>
public sealed class ClipTokenizer : PromptTokenizer
{
    /// <summary>Tokens that the text encoders of Stable Diffusion read.</summary>
    internal const int StableDiffusionLength = 77;

    /// <summary>Beyond it a length says that there is none: transformers writes 10^30.</summary>
    private const int LongestPrompt = 65_536;

    private readonly BpeTokenizer _pairs;
    private readonly IReadOnlyList<string> _pieces;
    private readonly AddedTokenSplitter _added;
    private readonly int _start;
    private readonly int _end;
    private readonly int _padding;

    private ClipTokenizer(
        ClipVocabulary vocabulary, SpecialTokens roles, IEnumerable<AddedToken> added, IReadOnlyList<string> pieces, int modelMaxLength)
        : base(modelMaxLength)
    {
        _pairs = BpeTokenizer.Create(new BpeOptions(vocabulary.IdOfPiece)
        {
            Merges = vocabulary.Merges,
            EndOfWordSuffix = ClipVocabulary.EndOfWord,
        });
        _pieces = pieces;
        _added = new AddedTokenSplitter(added);
        Dictionary<string, int> ids = _added.All.ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal);
        (_start, _end, _padding) = (ids[roles.Start], ids[roles.End], ids[roles.Padding]);
    }

    /// <inheritdoc/>
    public override int VocabularySize => _pieces.Count;

    /// <summary>
    /// Reads a tokenizer folder as diffusers writes it: <c>vocab.json</c> and <c>merges.txt</c>, or <c>tokenizer.json</c>, with
    /// <c>tokenizer_config.json</c> and, where they are there, <c>special_tokens_map.json</c>, which wins, and
    /// <c>added_tokens.json</c>.
    /// </summary>
    /// <exception cref="BadInputException">A file is missing or malformed, or they do not belong together.</exception>
    public static new ClipTokenizer FromFolder(string folder) => FromFolder(folder, StableDiffusionLength);

    /// <summary>The same, for a text encoder that is known.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="positions">
    /// Tokens that the text encoder reads: the length where <c>model_max_length</c> is missing or so huge that it says nothing.
    /// </param>
    /// <param name="className">
    /// The class that <c>model_index.json</c> names; null: that of the config. Where both forms are there, <c>CLIPTokenizerFast</c> takes
    /// <c>tokenizer.json</c>, <c>CLIPTokenizer</c> the older files.
    /// </param>
    /// <exception cref="BadInputException">A file is missing or malformed, or they do not belong together.</exception>
    public static ClipTokenizer FromFolder(string folder, int positions, string? className = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 2);
        string configPath = Path.Combine(folder, TokenizerFolder.Config);
        bool isConfigured = File.Exists(configPath);
        string named = className
            ?? (isConfigured ? new ConfigReader(ConfigFile.ReadObject(configPath), configPath).Text("tokenizer_class", "") : "");
        TokenizerJson? json =
            TokenizerFolder.ReadsWhole(folder, TokenizerFolder.IsFast(named), TokenizerFolder.Vocabulary, TokenizerFolder.Merges)
                ? TokenizerJson.Read(folder)
                : null;
        ClipVocabulary vocabulary = json is not null
            ? ClipVocabulary.Of(json)
            : ClipVocabulary.Read(Path.Combine(folder, TokenizerFolder.Vocabulary), Path.Combine(folder, TokenizerFolder.Merges));
        JsonElement config = ConfigFile.ReadObject(configPath);
        ClipTokenFiles tokens = new(folder, config, vocabulary, json);
        return new ClipTokenizer(vocabulary, tokens.Roles, tokens.All, tokens.Pieces(), ReadMaxLength(configPath, config, positions));
    }

    /// <summary>The tokenizer of a checkpoint that brings none: OpenAI CLIP's own vocabulary.</summary>
    /// <param name="padding">
    /// The piece that fills prompts up; null: the end token, as Stable Diffusion 1 has it. Stable Diffusion 2 and SDXL's second encoder
    /// have <c>!</c>, which then is a special token wherever it stands in a text.
    /// </param>
    /// <param name="length">Tokens in each prompt, padding included; 2 or more.</param>
    internal static ClipTokenizer Embedded(string? padding = null, int length = StableDiffusionLength)
    {
        SpecialTokens roles = EmbeddedClipVocabulary.SpecialTokens;
        roles = roles with { Padding = padding ?? roles.Padding };
        ClipVocabulary vocabulary = ClipVocabulary.Embedded;
        return new ClipTokenizer(
            vocabulary,
            roles,
            roles.All.Select(content => new AddedToken(content, vocabulary.IdOfPiece[content]) { IsSpecial = true, IsNormalized = true }),
            vocabulary.Pieces,
            length);
    }

    /// <summary>
    /// The prompt between start and end token, padded to <see cref="PromptTokenizer.ModelMaxLength"/>. Of a longer prompt the first tokens
    /// are kept, and the end token still comes last. Any text is taken; special tokens written out in it count as such.
    /// </summary>
    /// <exception cref="BadInputException">The text is not ASCII and this runtime has no ICU.</exception>
    public override TokenizedPrompt Encode(string text)
    {
        IEnumerable<int> ids = _added.Split(text, ClipWords.Normalize)
            .SelectMany(stretch => stretch.Token is { } token ? [token] : WordIds(stretch.Text));
        return Padded([_start, .. ids.Take(ModelMaxLength - 2), _end], _padding, _pieces);
    }

    private IEnumerable<int> WordIds(string normalText) =>
        ClipWords.Split(normalText).SelectMany(word => _pairs.EncodeToIds(ByteAlphabet.Spell(word), false, false));

    private static int ReadMaxLength(string path, JsonElement config, int positions)
    {
        if (!config.TryGetProperty("model_max_length", out JsonElement length) || length.ValueKind == JsonValueKind.Null)
        {
            return positions;
        }

        if (length.ValueKind == JsonValueKind.Number && length.GetDouble() > LongestPrompt)
        {
            return positions;
        }

        return length.ValueKind == JsonValueKind.Number && length.TryGetInt32(out int tokens) && tokens >= 2
            ? tokens
            : throw new BadInputException(
                $"{path}: model_max_length is {length.GetRawText()}; it must be a whole number from 2 on, or left out; Stable Diffusion's is 77");
    }
}
