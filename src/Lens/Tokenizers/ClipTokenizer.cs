using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionLens.Configs;
using Microsoft.ML.Tokenizers;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// CLIP's tokenizer: byte pairs within words, every text lower-cased and written between a start and an end token. Gives the ids
/// of the Hugging Face <c>CLIPTokenizerFast</c>.
/// </summary>
public sealed class ClipTokenizer : PromptTokenizer
{
    /// <summary>Tokens that the text encoders of Stable Diffusion read.</summary>
    internal const int StableDiffusionLength = 77;

    private const int LongestPrompt = 65_536;

    private readonly BpeTokenizer _pairs;
    private readonly ClipVocabulary _vocabulary;
    private readonly Regex _specialTokens;
    private readonly int _start;
    private readonly int _end;
    private readonly int _padding;

    private ClipTokenizer(ClipVocabulary vocabulary, SpecialTokens tokens, int modelMaxLength)
        : base(modelMaxLength)
    {
        _vocabulary = vocabulary;
        _pairs = BpeTokenizer.Create(new BpeOptions(vocabulary.IdOfPiece)
        {
            Merges = vocabulary.Merges,
            EndOfWordSuffix = ClipVocabulary.EndOfWord,
        });

        // Of two tokens that begin at the same place the longer one is meant.
        _specialTokens = new Regex(string.Join('|', tokens.All.OrderByDescending(token => token.Length).Select(Regex.Escape)));
        _start = vocabulary.IdOfPiece[tokens.Start];
        _end = vocabulary.IdOfPiece[tokens.End];
        _padding = vocabulary.IdOfPiece[tokens.Padding];
    }

    /// <inheritdoc/>
    public override int VocabularySize => _vocabulary.Pieces.Count;

    internal override string Rules => "CLIP's byte pairs, lower case, as transformers' fast tokenizer (no ftfy)";

    /// <summary>
    /// Reads a tokenizer folder as diffusers writes it: <c>vocab.json</c>, <c>merges.txt</c>, <c>tokenizer_config.json</c> and,
    /// where it is there, <c>special_tokens_map.json</c>, which wins.
    /// </summary>
    /// <exception cref="BadInputException">A file is missing or malformed, or they do not belong together.</exception>
    public static new ClipTokenizer FromFolder(string folder)
    {
        string configPath = Path.Combine(folder, TokenizerFolder.Config);
        ClipVocabulary vocabulary = ClipVocabulary.Read(
            Path.Combine(folder, TokenizerFolder.Vocabulary), Path.Combine(folder, TokenizerFolder.Merges));
        JsonElement config = ConfigFile.ReadObject(configPath);
        return new ClipTokenizer(vocabulary, SpecialTokens.Read(folder, config, vocabulary), ReadMaxLength(configPath, config));
    }

    /// <summary>The tokenizer of a checkpoint that brings none: OpenAI CLIP's own vocabulary.</summary>
    /// <param name="padding">
    /// The piece that fills prompts up; null: the end token, as Stable Diffusion 1 has it. Stable Diffusion 2 and SDXL's second encoder
    /// have <c>!</c>, which then is a special token wherever it stands in a text.
    /// </param>
    /// <param name="length">Tokens in each prompt, padding included; 2 or more.</param>
    internal static ClipTokenizer Embedded(string? padding = null, int length = StableDiffusionLength)
    {
        SpecialTokens tokens = EmbeddedClipVocabulary.SpecialTokens;
        return new ClipTokenizer(ClipVocabulary.Embedded, tokens with { Padding = padding ?? tokens.Padding }, length);
    }

    /// <summary>
    /// The prompt between start and end token, padded to <see cref="PromptTokenizer.ModelMaxLength"/>. Of a longer prompt the first tokens
    /// are kept, and the end token still comes last. Any text is taken; special tokens written out in it count as such.
    /// </summary>
    /// <exception cref="BadInputException">The text is not ASCII and this runtime has no ICU.</exception>
    public override TokenizedPrompt Encode(string text)
    {
        IEnumerable<int> ids = TextIds(
            ClipWords.Normalize(text), _specialTokens, WordIds, special => _vocabulary.IdOfPiece[special]);
        return Padded([_start, .. ids.Take(ModelMaxLength - 2), _end], _padding, _vocabulary.Pieces);
    }

    private IEnumerable<int> WordIds(string normalText) =>
        ClipWords.Split(normalText).SelectMany(word => _pairs.EncodeToIds(ByteAlphabet.Spell(word), false, false));

    private static int ReadMaxLength(string path, JsonElement config) =>
        config.TryGetProperty("model_max_length", out JsonElement length)
        && length.ValueKind == JsonValueKind.Number
        && length.TryGetInt32(out int tokens)
        && tokens is >= 2 and <= LongestPrompt
            ? tokens
            : throw new BadInputException(
                $"{path}: model_max_length has to be a whole number from 2 to {LongestPrompt}; Stable Diffusion's is 77");
}
