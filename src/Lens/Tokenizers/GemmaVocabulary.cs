using System.Text;
using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// Pieces, merges and added tokens of a Gemma tokenizer: of <c>tokenizer.json</c>, or of <c>tokenizer.model</c>, SentencePiece's own file.
/// Byte pairs over characters, not over words: a piece may span blanks. A character that no piece spells is its UTF-8 bytes.
/// </summary>
internal sealed class GemmaVocabulary
{
    private const string Tab = "\t";
    private const int ByteCount = 256;

    private readonly IReadOnlyDictionary<string, int> _idOfPiece;
    private readonly RankedMerges _merges;
    private readonly AddedTokenSplitter _added;

    // SentencePiece itself takes someone's own pieces out of the text with blanks as it spells them.
    private readonly AddedTokenSplitter? _whole;
    private readonly int[] _idOfByte;
    private readonly int[] _byteCounts;

    private GemmaVocabulary(
        string path,
        IReadOnlyDictionary<string, int> idOfPiece,
        RankedMerges merges,
        IReadOnlyList<AddedToken> added,
        IReadOnlyList<AddedToken>? whole = null)
    {
        (_idOfPiece, _merges, Added, Source) = (idOfPiece, merges, added, Path.GetFileName(path));
        _added = new AddedTokenSplitter(added);
        _whole = whole is null ? null : new AddedTokenSplitter(whole);
        _idOfByte = [.. Enumerable.Range(0, ByteCount).Select(ByteOf)];
        string[] pieces = new string[idOfPiece.Values.Concat(added.Select(token => token.Id)).Max() + 1];
        Array.Fill(pieces, "");
        foreach ((string piece, int id) in idOfPiece.Concat(added.Select(token => KeyValuePair.Create(token.Content, token.Id))))
        {
            pieces[id] = pieces[id] is "" || pieces[id] == piece ? piece : throw new BadInputException(
                $"{path}: \"{pieces[id]}\" and \"{piece}\" both have id {id}; each piece has an id of its own");
        }

        Pieces = pieces;
        _byteCounts = [.. pieces.Select(Encoding.UTF8.GetByteCount)];
        foreach (int id in _idOfByte)
        {
            _byteCounts[id] = 1;
        }

        int ByteOf(int value) => idOfPiece.TryGetValue(NameOf(value), out int id) || (value == Tab[0] && idOfPiece.TryGetValue(Tab, out id))
            ? id
            : throw new BadInputException($"{path}: has no piece {NameOf(value)}; Gemma's vocabularies have one for every byte");
    }

    /// <summary>The pieces by id, added tokens among them; an id that none has is an empty string.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>Tokens that are cut out of a text.</summary>
    public IReadOnlyList<AddedToken> Added { get; }

    /// <summary>The file that it was read from.</summary>
    public string Source { get; }

    /// <summary>Whether a folder's tokenizer is of this kind.</summary>
    public static bool IsFolder(string folder)
    {
        string config = Path.Combine(folder, TokenizerFolder.Config);
        return File.Exists(Path.Combine(folder, TokenizerFolder.GemmaPieces))
            || (File.Exists(config)
                && ConfigFile.ReadObject(config).TryGetProperty("tokenizer_class", out JsonElement name)
                && name.ValueKind == JsonValueKind.String
                && name.GetString() is "GemmaTokenizer" or "GemmaTokenizerFast");
    }

    /// <summary>What of a folder is read, where it is there.</summary>
    /// <param name="folder">The tokenizer's.</param>
    /// <param name="isFast">Whether the model names the fast class.</param>
    public static string[] FilesOf(string folder, bool isFast) =>
    [
        TokenizerFolder.ReadsWhole(folder, isFast, TokenizerFolder.GemmaPieces) ? TokenizerFolder.Whole : TokenizerFolder.GemmaPieces,
        TokenizerFolder.Config,
        TokenizerFolder.SpecialTokensMap,
        TokenizerFolder.AddedTokens,
    ];

    /// <param name="folder">The tokenizer's folder.</param>
    /// <param name="isFast">Whether the model names the fast class, which makes rules of its own of SentencePiece's.</param>
    /// <exception cref="BadInputException">A file is missing or malformed, or they are no Gemma tokenizer's.</exception>
    public static GemmaVocabulary Read(string folder, bool isFast)
        => TokenizerFolder.ReadsWhole(folder, isFast, TokenizerFolder.GemmaPieces) ? ReadWhole(folder) : ReadPieces(folder, isFast);

    /// <summary>The tokens of a text; added tokens written out in it count as such.</summary>
    public IEnumerable<TextToken> Tokens(AlignedText text)
        => _added.Split(text, Spaced).SelectMany(stretch => stretch.Tokens(TokensOfSpaced));

    private IEnumerable<TextToken> TokensOfSpaced(AlignedText text) => _whole is null
        ? Joined(text)
        : _whole.Split(text, same => same).SelectMany(stretch => stretch.Tokens(Joined));

    private static AlignedText Spaced(AlignedText text) => text.Replace(' ', UnigramText.Space[0]);

    private IEnumerable<TextToken> Joined(AlignedText stretch)
    {
        List<int> pieces = new(stretch.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in stretch.Text.EnumerateRunes())
        {
            if (_idOfPiece.TryGetValue(rune.ToString(), out int id))
            {
                pieces.Add(id);
                continue;
            }

            foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                pieces.Add(_idOfByte[value]);
            }
        }

        return stretch.TokensOfBytes(_merges.Join(pieces), id => _byteCounts[id]);
    }

    private static GemmaVocabulary ReadWhole(string folder)
    {
        TokenizerJson json = TokenizerJson.Read(folder);
        RequireArrangement(json);
        (string, string)[] merges = [.. json.Merges.Select(PairOf)];
        return new GemmaVocabulary(
            json.Path,
            json.Vocabulary,
            RankedMerges.Of(json.Vocabulary, merges, (rank, error) => new($"{json.Path}: model.merges[{rank}]: {error}")),
            AddedTokenFiles.Read(folder, json.AddedTokens, json.Path));

        static (string, string) PairOf(string merge)
        {
            string[] pair = merge.Split(' ');
            return (pair[0], pair[1]);
        }
    }

    /// <summary>What the file says of how text is made ready and cut must be what is done here.</summary>
    private static void RequireArrangement(TokenizerJson json)
    {
        if (json.ModelType != TokenizerJson.BytePairs)
        {
            throw new BadInputException($"{json.Path}: holds unigrams; Gemma's tokenizer has byte pairs");
        }

        if (json.Normalizers is not [JsonElement normalizer] || !IsReplacement(normalizer))
        {
            string[] others = [.. json.Normalizers.Select(TokenizerJson.TypeOf)];
            throw new BadInputException($"{json.Path}: its normalizer is {(others.Length == 0 ? "none" : string.Join(", ", others))}; "
                + $"Gemma's puts {UnigramText.Space} for each blank and changes nothing else");
        }

        // What it cuts at blanks never acts: there are none left.
        if (json.PreTokenizers.FirstOrDefault(step => TokenizerJson.TypeOf(step) != "Split" || Pattern(step) != " ") is
            { ValueKind: JsonValueKind.Object } step)
        {
            throw new BadInputException($"{json.Path}: cuts text by {TokenizerJson.TypeOf(step)}; Gemma's tokenizer does not cut it");
        }

        json.Model.Only("byte_fallback", "true");
        json.Model.Only("ignore_merges", "false");
        foreach (string option in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (json.Model.Text(option, "") is { Length: > 0 } value)
            {
                throw new BadInputException($"{json.Path}: has {option} \"{value}\"; Gemma's tokenizers have none");
            }
        }
    }

    private static bool IsReplacement(JsonElement step)
        => TokenizerJson.TypeOf(step) == "Replace" && Pattern(step) == " "
            && step.TryGetProperty("content", out JsonElement content) && content.ToString() == UnigramText.Space;

    private static string? Pattern(JsonElement step)
        => step.TryGetProperty("pattern", out JsonElement pattern) && pattern.ValueKind == JsonValueKind.Object
            && pattern.TryGetProperty("String", out JsonElement text)
            ? text.ToString()
            : null;

    private static GemmaVocabulary ReadPieces(string folder, bool isFast)
    {
        string path = Path.Combine(folder, TokenizerFolder.GemmaPieces);
        SentencePieceModel model = SentencePieceModel.ReadBytePairs(path);
        Dictionary<string, int> idOfPiece = new(StringComparer.Ordinal);
        bool spellsTab = model.Pieces.Any(piece => piece.Text == Tab);
        foreach (UnigramPiece piece in model.Pieces)
        {
            // The byte of a tab is spelled as what it is, so that longer pieces with tabs can be joined.
            string text = !spellsTab && piece.Text == NameOf(Tab[0]) ? Tab : piece.Text;
            if (!idOfPiece.TryAdd(text, idOfPiece.Count))
            {
                throw new BadInputException($"{path}: \"{text}\" comes a second time; a piece has one id");
            }
        }

        AddedToken[] marks =
        [
            .. from entry in model.Kinds.Select((kind, id) => (Kind: kind, Id: id))
               where entry.Kind is SentencePieceKind.Control or SentencePieceKind.UserDefined
               select new AddedToken(model.Pieces[entry.Id].Text, entry.Id),
        ];
        return new GemmaVocabulary(
            path,
            idOfPiece,
            RankedMerges.Of(isFast ? SentencePieceMerges.OfFast(model, idOfPiece) : SentencePieceMerges.Of(model, idOfPiece)),
            AddedTokenFiles.Read(folder, marks, path),
            isFast ? null : [.. marks.Where(mark => model.Kinds[mark.Id] == SentencePieceKind.UserDefined)]);
    }

    private static string NameOf(int value) => $"<0x{value:X2}>";
}
