using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionLens.Configs;
using Microsoft.ML.Tokenizers;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// <c>spiece.model</c>, SentencePiece's unigram model with T5's own special ids, and the sentinels that follow its pieces.
/// </summary>
internal sealed partial class T5Vocabulary
{
    public const string Padding = "<pad>", End = "</s>", Unknown = "<unk>";
    public const int PaddingId = 0, EndId = 1, UnknownId = 2;

    /// <summary><c>extra_ids</c> where the config says nothing (transformers: T5Tokenizer).</summary>
    private const int DefaultSentinels = 100;

    /// <summary>
    /// T5 has no token for the beginning of a text and says so with id -1, at which Microsoft.ML.Tokenizers 2.0 fails. These bytes,
    /// appended to the file's, give its trainer_spec (field 2 of the protocol buffer, in which later fields win) bos_id 0 (field 41) and
    /// bos_piece <c>&lt;pad&gt;</c> (field 46); neither is ever written.
    /// </summary>
    private static readonly byte[] BeginningOfText = [0x12, 11, 0xC8, 0x02, PaddingId, 0xF2, 0x02, 5, .. "<pad>"u8];

    private readonly SentencePieceTokenizer _unigrams;
    private readonly Dictionary<string, int> _specials;

    private T5Vocabulary(SentencePieceTokenizer unigrams, string[] pieces, int sentinels)
    {
        _unigrams = unigrams;

        // Numbered backwards: the first sentinel has the last id.
        Sentinels = [.. Enumerable.Range(0, sentinels).Select(number => $"<extra_id_{number}>")];
        Pieces = [.. pieces, .. Sentinels.Reverse()];
        _specials = new(StringComparer.Ordinal) { [Padding] = PaddingId, [End] = EndId, [Unknown] = UnknownId };
        for (int number = 0; number < sentinels; number++)
        {
            _specials.Add(Sentinels[number], Pieces.Count - 1 - number);
        }
    }

    /// <summary>The pieces by id.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary><c>&lt;extra_id_0&gt;</c> and so on, which T5's pretraining puts in place of spans.</summary>
    public IReadOnlyList<string> Sentinels { get; }

    /// <exception cref="BadInputException">A file is missing or malformed, or not T5's.</exception>
    public static T5Vocabulary Read(string folder)
    {
        string path = Path.Combine(folder, TokenizerFolder.SentencePieces), configPath = Path.Combine(folder, TokenizerFolder.Config);
        JsonElement config = ConfigFile.ReadObject(configPath);
        SentencePieceTokenizer unigrams = ReadUnigrams(path);
        T5Vocabulary vocabulary = new(
            unigrams, OrderById(path, unigrams), new ConfigReader(config, configPath).Int("extra_ids", DefaultSentinels));
        if (config.TryGetProperty("added_tokens_decoder", out JsonElement added) && added.ValueKind == JsonValueKind.Object)
        {
            vocabulary.RefuseOthers(configPath, added.EnumerateObject()
                .Select(entry => entry.Value.TryGetProperty("content", out JsonElement content) ? content.ToString() : ""));
        }

        string addedPath = Path.Combine(folder, TokenizerFolder.AddedTokens);
        if (File.Exists(addedPath))
        {
            vocabulary.RefuseOthers(addedPath, ConfigFile.ReadObject(addedPath).EnumerateObject().Select(entry => entry.Name));
        }

        return vocabulary;
    }

    public int IdOfSpecial(string token) => _specials[token];

    /// <summary>The ids of a text without special tokens. A run of characters that no piece covers is one unknown.</summary>
    public IEnumerable<int> Encode(string text)
    {
        int before = -1;
        foreach (int id in _unigrams.EncodeToIds(Deleted().Replace(text, ""), addBeginningOfSentence: false, addEndOfSentence: false))
        {
            if (id != UnknownId || before != UnknownId)
            {
                yield return id;
            }

            before = id;
        }
    }

    private static SentencePieceTokenizer ReadUnigrams(string path)
    {
        byte[] model = InputFile.ReadBytes(path);
        try
        {
            using MemoryStream stream = new([.. model, .. BeginningOfText]);
            SentencePieceTokenizer unigrams = SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
            return unigrams.UnknownId == UnknownId && unigrams.EndOfSentenceId == EndId
                ? unigrams
                : throw new BadInputException(
                    $"{path}: has {Unknown} at {unigrams.UnknownId} and {End} at {unigrams.EndOfSentenceId}; "
                    + $"T5's vocabularies have them at {UnknownId} and {EndId}");
        }
        catch (Exception failure) when (failure is not BadInputException)
        {
            // The package throws whatever it stumbles over.
            throw new BadInputException($"{path}: is no SentencePiece model ({failure.Message.ReplaceLineEndings(" ")})", failure);
        }
    }

    private static string[] OrderById(string path, SentencePieceTokenizer unigrams)
    {
        string[] pieces = new string[unigrams.Vocabulary.Count];
        foreach ((string piece, int id) in unigrams.Vocabulary)
        {
            if (id < 0 || id >= pieces.Length || pieces[id] is not null)
            {
                throw new BadInputException(
                    $"{path}: \"{piece}\" has id {id}; the ids of {pieces.Length} pieces are 0 to {pieces.Length - 1}, each once");
            }

            pieces[id] = piece;
        }

        return pieces;
    }

    private void RefuseOthers(string path, IEnumerable<string> added)
    {
        if (added.FirstOrDefault(token => !_specials.ContainsKey(token)) is string other)
        {
            throw new BadInputException($"{path}: adds the token \"{other}\", which T5 does not have and which is not supported");
        }
    }

    /// <summary>
    /// The control characters that T5's normalization (SentencePiece's nmt_nfkc) maps to nothing, which the package does not do.
    /// </summary>
    [GeneratedRegex("[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]")]
    private static partial Regex Deleted();
}
