using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// Pieces, merges and added tokens of a Qwen2 tokenizer: of <c>tokenizer.json</c>, or of <c>vocab.json</c> and <c>merges.txt</c> where that
/// file is not there.
/// </summary>
internal sealed class Qwen2Vocabulary
{
    private static readonly JsonSerializerOptions EachPieceOnce = new() { AllowDuplicateProperties = false };

    private Qwen2Vocabulary(
        string path, IReadOnlyDictionary<string, int> idOfPiece, BytePairs pairs, IReadOnlyList<AddedToken> added)
    {
        Pairs = pairs;
        Added = added;
        Pieces = OrderById(path, idOfPiece, added);
    }

    /// <summary>Encodes what stands between added tokens.</summary>
    public BytePairs Pairs { get; }

    /// <summary>Tokens that are cut out of a text.</summary>
    public IReadOnlyList<AddedToken> Added { get; }

    /// <summary>The pieces by id, added tokens among them; an id that none has is an empty string.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <exception cref="BadInputException">
    /// A file is missing or malformed, files do not belong together, or it is no Qwen2 tokenizer.
    /// </exception>
    public static Qwen2Vocabulary Read(string folder)
    {
        bool isWhole = File.Exists(Path.Combine(folder, TokenizerFolder.Whole));
        TokenizerJson? json = isWhole ? TokenizerJson.Read(folder) : null;
        IReadOnlyList<AddedToken> added = AddedTokenFiles.Read(folder, json?.AddedTokens ?? [], json?.Path ?? "");
        return json is null ? ReadPair(folder, added) : Of(json, added);
    }

    /// <summary>What of a folder is read, where it is there.</summary>
    public static string[] FilesOf(string folder)
    {
        string[] vocabulary = File.Exists(Path.Combine(folder, TokenizerFolder.Whole))
            ? [TokenizerFolder.Whole]
            : [TokenizerFolder.Vocabulary, TokenizerFolder.Merges];
        return [.. vocabulary, TokenizerFolder.Config, TokenizerFolder.SpecialTokensMap, TokenizerFolder.AddedTokens];
    }

    /// <summary>Whether a folder's tokenizer is of this kind.</summary>
    public static bool IsFolder(string folder)
    {
        string config = Path.Combine(folder, TokenizerFolder.Config);
        return File.Exists(config)
            && ConfigFile.ReadObject(config).TryGetProperty("tokenizer_class", out JsonElement name)
            && name.ValueKind == JsonValueKind.String
            && name.GetString() is "Qwen2Tokenizer" or "Qwen2TokenizerFast";
    }

    private static Qwen2Vocabulary ReadPair(string folder, IReadOnlyList<AddedToken> added)
    {
        string path = Path.Combine(folder, TokenizerFolder.Vocabulary), mergesPath = Path.Combine(folder, TokenizerFolder.Merges);
        IReadOnlyDictionary<string, int> idOfPiece = WithAllBytes(path, IdsOf(path));
        string[] lines = InputFile.ReadText(mergesPath).Split('\n');
        int header = lines[0].StartsWith(ClipVocabulary.MergesHeader, StringComparison.Ordinal) ? 1 : 0;

        // Editors and tools leave blank lines, which transformers passes over wherever they are.
        int[] written = [.. Enumerable.Range(header, lines.Length - header).Where(line => !string.IsNullOrWhiteSpace(lines[line]))];
        (string, string)[] merges = new (string, string)[written.Length];
        for (int rank = 0; rank < merges.Length; rank++)
        {
            string line = lines[written[rank]].Trim();
            merges[rank] = PairOf(line) ?? throw ErrorAt(rank, $"\"{line}\" is no merge, which is two pieces with one space between");
        }

        return new Qwen2Vocabulary(path, idOfPiece, BytePairs.Of(idOfPiece, merges, ErrorAt), added);

        BadInputException ErrorAt(int rank, string error) => new($"{mergesPath}:{written[rank] + 1}: {error}");
    }

    private static Qwen2Vocabulary Of(TokenizerJson json, IReadOnlyList<AddedToken> added)
    {
        RequireArrangement(json);
        IReadOnlyDictionary<string, int> idOfPiece = WithAllBytes(json.Path, json.Vocabulary);
        (string, string)[] merges = [.. json.Merges.Select(merge => PairOf(merge)!.Value)];
        return new Qwen2Vocabulary(json.Path, idOfPiece, BytePairs.Of(idOfPiece, merges, ErrorAt), added);

        BadInputException ErrorAt(int rank, string error) => new($"{json.Path}: model.merges[{rank}]: {error}");
    }

    /// <summary>What the file says of how text is cut must be what is done here.</summary>
    private static void RequireArrangement(TokenizerJson json)
    {
        string[] normalizers = [.. json.Normalizers.Select(TokenizerJson.TypeOf)];
        if (normalizers is not ["NFC"])
        {
            throw new BadInputException(
                $"{json.Path}: its normalizer is {(normalizers.Length == 0 ? "none" : string.Join(", ", normalizers))}; Qwen2's is NFC");
        }

        string[] patterns = [.. json.PreTokenizers.SelectMany(Patterns)];
        if (patterns is not [Qwen2Words.Pattern])
        {
            throw new BadInputException(
                $"{json.Path}: cuts text by {(patterns.Length == 0 ? "nothing" : patterns[0])}; Qwen2's pattern is {Qwen2Words.Pattern}");
        }

        foreach (string option in new[] { "continuing_subword_prefix", "end_of_word_suffix", "unk_token" })
        {
            if (json.Model.Text(option, "") is { Length: > 0 } value)
            {
                throw new BadInputException($"{json.Path}: has {option} \"{value}\"; Qwen2's tokenizers have none");
            }
        }
    }

    private static IEnumerable<string> Patterns(JsonElement step)
        => step.TryGetProperty("pattern", out JsonElement pattern) && pattern.ValueKind == JsonValueKind.Object
            ? pattern.EnumerateObject().Select(kind => kind.Value.ToString())
            : [];

    private static Dictionary<string, int> IdsOf(string path)
    {
        const string Right = "a vocabulary is one JSON object, each piece in it once with its id, a whole number";
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(InputFile.ReadText(path), EachPieceOnce)
                ?? throw new BadInputException($"{path}:1:1: holds null; {Right}");
        }
        catch (JsonException failure)
        {
            throw new BadInputException(
                $"{path}:{failure.LineNumber + 1}:{failure.BytePositionInLine + 1}: cannot be read on here; {Right}", failure);
        }
    }

    private static IReadOnlyDictionary<string, int> WithAllBytes(string path, IReadOnlyDictionary<string, int> ids)
        => ByteAlphabet.CharOfByte.All(symbol => ids.ContainsKey(symbol.ToString())) ? ids
            : throw new BadInputException($"{path}: its vocabulary lacks some of the 256 bytes, which a byte-level vocabulary holds");

    private static (string Left, string Right)? PairOf(string line)
        => line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : null;

    private static string[] OrderById(string path, IReadOnlyDictionary<string, int> idOfPiece, IReadOnlyList<AddedToken> added)
    {
        int largest = idOfPiece.Values.Concat(added.Select(token => token.Id)).Max();
        if (largest >= 2 * (idOfPiece.Count + added.Count))
        {
            throw new BadInputException($"{path}: has id {largest} among {idOfPiece.Count + added.Count} pieces and added tokens");
        }

        string?[] pieces = new string?[largest + 1];
        foreach ((string piece, int id) in idOfPiece.Concat(added.Select(token => KeyValuePair.Create(token.Content, token.Id))))
        {
            if (id < 0)
            {
                throw new BadInputException($"{path}: \"{piece}\" has id {id}; ids begin at 0");
            }

            if (pieces[id] is string other && other != piece)
            {
                throw new BadInputException($"{path}: \"{other}\" and \"{piece}\" both have id {id}; each piece has an id of its own");
            }

            pieces[id] = piece;
        }

        return [.. pieces.Select(piece => piece ?? "")];
    }
}
