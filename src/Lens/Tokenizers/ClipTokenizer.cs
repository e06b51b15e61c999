using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionLens.Configs;
using Microsoft.ML.Tokenizers;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// CLIP's tokenizer: byte pairs within words, every text lower-cased and written between a start and an end token. Gives the ids
/// of the Hugging Face <c>CLIPTokenizerFast</c>, which <c>CLIPTokenizer</c> is too from transformers 5 on; with
/// <see cref="TextCleaning.Ftfy"/> those of the older <c>CLIPTokenizer</c>.
/// </summary>
public sealed partial class ClipTokenizer : PromptTokenizer
{
    /// <summary>Tokens that the text encoders of Stable Diffusion read.</summary>
    internal const int StableDiffusionLength = 77;

    /// <summary>Beyond it a length says that there is none: transformers writes 10^30.</summary>
    private const int LongestPrompt = 65_536;

    /// <summary>
    /// What the slow class knows wherever a word can begin, whatever its special tokens are. It disregards case, so that a long s is an s
    /// to it.
    /// </summary>
    private static readonly string[] SpelledOut =
        [EmbeddedClipVocabulary.SpecialTokens.Start, EmbeddedClipVocabulary.SpecialTokens.End, "'ſ"];

    private readonly BpeTokenizer _pairs;
    private readonly IReadOnlyList<string> _pieces;
    private readonly IReadOnlyList<AddedToken> _allAdded;
    private readonly AddedTokenSplitter _added;
    private readonly Dictionary<string, int> _ids;
    private readonly int _start;
    private readonly int _end;
    private readonly int _padding;
    private readonly string _source;

    private ClipTokenizer(ClipTokenizer other, TextCleaning cleaning)
        : base(other.ModelMaxLength)
    {
        (_pairs, _pieces, _ids, _allAdded) = (other._pairs, other._pieces, other._ids, other._allAdded);
        (_start, _end, _padding, _source) = (other._start, other._end, other._padding, other._source);
        (IsFastByName, Cleaning) = (other.IsFastByName, cleaning);

        // The slow class looks for all of them in the text as it was given.
        _added = new AddedTokenSplitter(
            cleaning == TextCleaning.Ftfy ? _allAdded.Select(token => token with { IsNormalized = false }) : _allAdded);
    }

    private ClipTokenizer(
        ClipVocabulary vocabulary,
        SpecialTokens roles,
        IEnumerable<AddedToken> added,
        IReadOnlyList<string> pieces,
        int modelMaxLength,
        string source)
        : base(modelMaxLength)
    {
        _source = source;
        _pairs = BpeTokenizer.Create(new BpeOptions(vocabulary.IdOfPiece)
        {
            Merges = vocabulary.Merges,
            EndOfWordSuffix = ClipVocabulary.EndOfWord,
        });
        _pieces = pieces;
        _allAdded = [.. added];
        _added = new AddedTokenSplitter(_allAdded);
        _ids = _allAdded.ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal);
        (_start, _end, _padding) = (_ids[roles.Start], _ids[roles.End], _ids[roles.Padding]);
    }

    /// <summary>Whether the model names <c>CLIPTokenizerFast</c>, behind which name there never was another tokenizer.</summary>
    internal bool IsFastByName { get; private init; }

    /// <summary>What is done to a prompt first.</summary>
    public TextCleaning Cleaning { get; }

    /// <inheritdoc/>
    public override string Description =>
        (Cleaning == TextCleaning.Ftfy ? "CLIPTokenizer with ftfy (transformers 4)" : "CLIPTokenizerFast (CLIPTokenizer of transformers 5)")
        + $", {_source}: {VocabularySize} pieces, {ModelMaxLength} tokens, filled up with {_pieces[_padding]}";

    /// <inheritdoc/>
    public override int VocabularySize => _pieces.Count;

    /// <summary>
    /// Reads a tokenizer folder as diffusers writes it: <c>vocab.json</c> and <c>merges.txt</c>, or <c>tokenizer.json</c>, with
    /// <c>tokenizer_config.json</c> and, where this has no <c>added_tokens_decoder</c>, <c>special_tokens_map.json</c>, which wins,
    /// <c>added_tokens.json</c> and the added tokens of <c>tokenizer.json</c>, of these what is there.
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
        return new ClipTokenizer(
            vocabulary,
            tokens.Roles,
            tokens.All,
            tokens.Pieces(),
            ReadMaxLength(configPath, config, positions),
            json is not null ? TokenizerFolder.Whole : $"{TokenizerFolder.Vocabulary} and {TokenizerFolder.Merges}")
        {
            IsFastByName = TokenizerFolder.IsFast(named),
        };
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
            length,
            "CLIP's own vocabulary, which comes with this program");
    }

    /// <summary>
    /// The prompt between start and end token, padded to <see cref="PromptTokenizer.ModelMaxLength"/>. Of a longer prompt the first tokens
    /// are kept, and the end token still comes last. Any text is taken; special tokens written out in it count as such.
    /// </summary>
    /// <exception cref="BadInputException">The text is not ASCII and this runtime has no ICU.</exception>
    public override TokenizedPrompt Encode(string text)
    {
        IEnumerable<TextToken> tokens = Cleaning == TextCleaning.Ftfy
            ? _added.Split(AlignedText.Of(text), stretch => stretch).SelectMany(stretch => stretch.Tokens(MendedTokens))
            : _added.Split(AlignedText.Of(text), ClipWords.Normalize)
                .SelectMany(stretch => stretch.Tokens(normal => ClipWords.Split(normal).SelectMany(PairTokens)));
        return Cut(text, [_start], [.. tokens], _ => [_end], _end, _padding, _pieces, ModelMaxLength - 2);
    }

    /// <summary>The same tokenizer with another cleaning.</summary>
    public override ClipTokenizer With(TextCleaning cleaning) => cleaning == Cleaning ? this : new ClipTokenizer(this, cleaning);

    private protected override string TextOf(IEnumerable<string> pieces)
        => base.TextOf(pieces.Select(piece => piece.EndsWith(ClipVocabulary.EndOfWord, StringComparison.Ordinal)
            ? piece[..^ClipVocabulary.EndOfWord.Length] + " "
            : piece));

    /// <summary>
    /// A stretch as transformers' slow class reads it: mended, trimmed, white space collapsed, in lower case as a whole (so that a sigma
    /// may be final), start and end tokens found where a word could begin.
    /// </summary>
    private IEnumerable<TextToken> MendedTokens(AlignedText text)
    {
        AlignedText mended = text.Rewritten(FtfyText.Fix(text.Text)).Replace(WhiteSpace(), " ");
        return ClipWords.Split(PythonText.Lower(PythonText.Strip(mended)), SpelledOut)
            .SelectMany(word => SpelledOut.Contains(word.Text) && _ids.TryGetValue(word.Text, out int id)
                ? [new TextToken(id, word.Origin(0, word.Length))]
                : PairTokens(word));
    }

    /// <summary>Of a word's pieces only the last one has a suffix that stands for no bytes.</summary>
    private IEnumerable<TextToken> PairTokens(AlignedText word)
        => word.TokensOfBytes(_pairs.EncodeToIds(ByteAlphabet.Spell(word.Text), false, false), id => _pieces[id].Length);

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
                $"{path}: model_max_length is {length.GetRawText()}; it must be a whole number from 2 on, or left out; "
                + "Stable Diffusion's is 77");
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
