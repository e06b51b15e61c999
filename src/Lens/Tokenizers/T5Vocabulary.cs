using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// T5's unigrams with its special tokens, read as one of the two Hugging Face classes reads them: <c>T5Tokenizer</c> (slow) or
/// <c>T5TokenizerFast</c>. They differ where special tokens are written out in a text, and on rare stacks of accents.
/// </summary>
internal sealed class T5Vocabulary
{
    public const string Padding = "<pad>", End = "</s>", Unknown = "<unk>";
    public const int PaddingId = 0, EndId = 1, UnknownId = 2;

    /// <summary><c>extra_ids</c> where the config says nothing (transformers: T5Tokenizer).</summary>
    private const int DefaultSentinels = 100, MostSentinels = 1000;

    private static readonly string[] Ends = [Padding, End, Unknown];

    private readonly Func<AlignedText, IEnumerable<TextToken>> _encode;

    private T5Vocabulary(
        IReadOnlyList<string> pieces, Func<AlignedText, IEnumerable<TextToken>> encode, T5TokenizerKind kind, string source)
        => (Pieces, _encode, Kind, Source) = (pieces, encode, kind, source);

    /// <summary>The pieces by id.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>The file that it was read from.</summary>
    public string Source { get; }

    /// <summary>How texts are read.</summary>
    public T5TokenizerKind Kind { get; }

    /// <param name="folder">The tokenizer's folder.</param>
    /// <param name="className">The class that the model names; null: the config's.</param>
    /// <exception cref="BadInputException">A file is missing or malformed, or not T5's.</exception>
    public static T5Vocabulary Read(string folder, string? className)
    {
        string configPath = Path.Combine(folder, TokenizerFolder.Config);
        JsonElement config = ConfigFile.ReadObject(configPath);
        ConfigReader reader = new(config, configPath);
        bool isFast = TokenizerFolder.IsFast(className ?? reader.Text("tokenizer_class", ""));
        return TokenizerFolder.ReadsWhole(folder, isFast, TokenizerFolder.SentencePieces)
            ? ReadWhole(folder)
            : ReadPieces(folder, config, reader, isFast);
    }

    /// <summary>The tokens of a text, without an end. Special tokens written out in it count as such.</summary>
    /// <param name="text">Without halves of surrogate pairs.</param>
    public IEnumerable<TextToken> Encode(AlignedText text) => _encode(text);

    private static T5Vocabulary ReadWhole(string folder)
    {
        TokenizerJson json = TokenizerJson.Read(folder);
        if (json.ModelType != TokenizerJson.Unigram)
        {
            throw new BadInputException($"{json.Path}: holds byte pairs; T5's tokenizer has unigrams");
        }

        json.Model.Only("byte_fallback", "false");
        if (json.Model.Int("unk_id", UnknownId, 0, Most.Any) is int unknown and not UnknownId)
        {
            throw new BadInputException($"{json.Path}: has unk_id {unknown}; T5's vocabularies have {Unknown} at {UnknownId}");
        }

        RequireEnds(json.Path, json.Unigrams);
        return Fast(json.Unigrams, json.AddedTokens, TextSteps.Read(json), TokenizerFolder.Whole);
    }

    private static T5Vocabulary ReadPieces(string folder, JsonElement config, ConfigReader reader, bool isFast)
    {
        string path = Path.Combine(folder, TokenizerFolder.SentencePieces);
        SentencePieceModel model = SentencePieceModel.Read(path);
        RequireEnds(path, model.Pieces);
        int extra = reader.Int("extra_ids", DefaultSentinels, 0, MostSentinels);
        string[] sentinels = [.. Enumerable.Range(0, extra).Select(number => $"<extra_id_{number}>")];
        RefuseOthers(folder, config, reader, [.. sentinels, .. Ends]);
        bool isLegacy = reader.Flag("legacy", true);
        if (!isFast)
        {
            return Slow(model, sentinels, isLegacy, reader.Flag("add_prefix_space", true));
        }

        int count = model.Pieces.Count;
        TextSteps.Prepend prepend = !reader.Flag("add_prefix_space", true) ? TextSteps.Prepend.Never
            : isLegacy ? TextSteps.Prepend.Always : TextSteps.Prepend.First;
        return Fast(
            [.. model.Pieces.Select(piece => piece with { IsText = true })],
            [
                .. Ends.Select((content, id) => new AddedToken(content, id)),
                .. sentinels.Select((content, number) => new AddedToken(content, count + sentinels.Length - 1 - number)),
            ],
            TextSteps.Of(model.Charsmap, prepend),
            TokenizerFolder.SentencePieces);
    }

    private static T5Vocabulary Fast(IReadOnlyList<UnigramPiece> unigrams, IReadOnlyList<AddedToken> added, TextSteps steps, string source)
    {
        UnigramText text = new(unigrams, UnknownId, isSingle: false);
        AddedTokenSplitter splitter = new(added);
        string[] pieces = new string[Math.Max(unigrams.Count, added.Select(token => token.Id + 1).DefaultIfEmpty().Max())];
        Array.Fill(pieces, "");
        foreach ((UnigramPiece piece, int id) in unigrams.Select((piece, id) => (piece, id)))
        {
            pieces[id] = piece.Text;
        }

        foreach (AddedToken token in added)
        {
            pieces[token.Id] = token.Content;
        }

        return new T5Vocabulary(pieces, Tokens, T5TokenizerKind.Fast, source);

        IEnumerable<TextToken> Tokens(AlignedText whole) => splitter.Split(whole, steps.Normalize)
            .SelectMany(stretch => stretch.Tokens(normal => steps.Split(normal, stretch.IsFirst).SelectMany(text.Encode)));
    }

    private static T5Vocabulary Slow(SentencePieceModel model, string[] sentinels, bool isLegacy, bool addsPrefix)
    {
        // Numbered backwards: the first sentinel has the last id.
        string[] pieces = [.. model.Pieces.Select(piece => piece.Text), .. sentinels.Reverse()];
        SlowT5Text text = new(model, isLegacy, addsPrefix, SpecialTokens(sentinels), IdOf);
        return new T5Vocabulary(
            pieces, text.Encode, isLegacy ? T5TokenizerKind.Slow : T5TokenizerKind.SlowNotLegacy, TokenizerFolder.SentencePieces);

        int IdOf(string special) => Array.IndexOf(Ends, special) is int end and >= 0
            ? end
            : pieces.Length - 1 - Array.IndexOf(sentinels, special);
    }

    /// <summary>The sentinels of T5's pretraining swallow the white space around them.</summary>
    private static Regex SpecialTokens(string[] sentinels)
    {
        string ends = string.Join('|', Ends.Select(Regex.Escape)), between = string.Join('|', sentinels.Select(Regex.Escape));
        return new Regex(sentinels.Length == 0 ? ends : $@"\s*(?:{between})\s*|{ends}", RegexOptions.CultureInvariant);
    }

    private static void RequireEnds(string path, IReadOnlyList<UnigramPiece> pieces)
    {
        for (int id = 0; id < Ends.Length; id++)
        {
            if (id >= pieces.Count || pieces[id].Text != Ends[id])
            {
                throw new BadInputException(
                    $"{path}: has \"{(id < pieces.Count ? pieces[id].Text : "nothing")}\" at {id}; "
                    + $"T5's vocabularies have {Ends[id]} there");
            }
        }
    }

    private static void RefuseOthers(string folder, JsonElement config, ConfigReader reader, IReadOnlyCollection<string> own)
    {
        if (config.TryGetProperty("added_tokens_decoder", out JsonElement added) && added.ValueKind == JsonValueKind.Object)
        {
            Refuse(added.EnumerateObject().Select(entry => AddedToken.Parse(entry.Value, 0)?.Content ?? ""), reader.Error);
        }

        string addedPath = Path.Combine(folder, TokenizerFolder.AddedTokens);
        if (File.Exists(addedPath))
        {
            Refuse(
                ConfigFile.ReadObject(addedPath).EnumerateObject().Select(entry => entry.Name),
                error => new BadInputException($"{addedPath}: {error}"));
        }

        void Refuse(IEnumerable<string> tokens, Func<string, BadInputException> error)
        {
            if (tokens.FirstOrDefault(token => !own.Contains(token)) is string other)
            {
                throw error($"adds the token \"{other}\", which T5 does not have and which is not supported");
            }
        }
    }
}
