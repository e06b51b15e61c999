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

    private Qwen2Vocabulary(string path, Dictionary<string, int> idOfPiece, BytePairs pairs, IReadOnlyDictionary<string, int> added)
    {
        Pairs = pairs;
        IdOfAdded = added;
        Pieces = OrderById(path, idOfPiece, added);
    }

    /// <summary>Encodes what stands between added tokens.</summary>
    public BytePairs Pairs { get; }

    /// <summary>Tokens that are cut out of a text.</summary>
    public IReadOnlyDictionary<string, int> IdOfAdded { get; }

    /// <summary>The pieces by id, added tokens among them; an id that none has is an empty string.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <exception cref="BadInputException">A file is missing or malformed, files do not belong together, or it is no Qwen2 tokenizer.</exception>
    public static Qwen2Vocabulary Read(string folder)
    {
        AddedTokens added = AddedTokens.Read(folder);
        string whole = Path.Combine(folder, TokenizerFolder.Whole);
        return File.Exists(whole) ? ReadWhole(whole, added) : ReadPair(folder, added);
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

    private static Qwen2Vocabulary ReadPair(string folder, AddedTokens added)
    {
        string path = Path.Combine(folder, TokenizerFolder.Vocabulary), mergesPath = Path.Combine(folder, TokenizerFolder.Merges);
        Dictionary<string, int> idOfPiece = IdsOf(path, () => JsonSerializer.Deserialize<Dictionary<string, int>>(
            InputFile.ReadText(path), EachPieceOnce));
        string[] lines = InputFile.ReadText(mergesPath).Split('\n');
        int header = lines[0].StartsWith(ClipVocabulary.MergesHeader, StringComparison.Ordinal) ? 1 : 0;
        int end = Array.FindLastIndex(lines, line => line.Length > 0) + 1;
        (string, string)[] merges = new (string, string)[end - header];
        for (int rank = 0; rank < merges.Length; rank++)
        {
            merges[rank] = PairOf(lines[rank + header].TrimEnd('\r'))
                ?? throw ErrorAt(rank, $"\"{lines[rank + header]}\" is no merge, which is two pieces with one space between");
        }

        return new Qwen2Vocabulary(path, idOfPiece, BytePairs.Of(idOfPiece, merges, ErrorAt), added.Ids);

        BadInputException ErrorAt(int rank, string error) => new($"{mergesPath}:{rank + header + 1}: {error}");
    }

    private static Qwen2Vocabulary ReadWhole(string path, AddedTokens added)
    {
        JsonElement file = ConfigFile.ReadObject(path);
        if (!file.TryGetProperty("model", out JsonElement model) || !model.TryGetProperty("vocab", out JsonElement vocabulary)
            || !model.TryGetProperty("merges", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new BadInputException($"{path}: has no \"model\" with \"vocab\" and \"merges\"; Qwen2's tokenizers merge byte pairs");
        }

        RequireArrangement(path, file, model);
        Dictionary<string, int> idOfPiece = IdsOf(path, () => vocabulary.Deserialize<Dictionary<string, int>>(EachPieceOnce));
        (string, string)[] merges = [.. list.EnumerateArray().Select((merge, rank) => PairOf(merge)
            ?? throw ErrorAt(rank, $"{merge.GetRawText()} is no merge, which is two pieces"))];
        return new Qwen2Vocabulary(path, idOfPiece, BytePairs.Of(idOfPiece, merges, ErrorAt), added.Ids);

        BadInputException ErrorAt(int rank, string error) => new($"{path}: merge {rank + 1}: {error}");
    }

    /// <summary>What the file says of how text is cut must be what is done here.</summary>
    private static void RequireArrangement(string path, JsonElement file, JsonElement model)
    {
        if (file.TryGetProperty("normalizer", out JsonElement normalizer) && TypeOf(normalizer) is var type && type != "NFC")
        {
            throw new BadInputException($"{path}: its normalizer is {type ?? "none"}; Qwen2's is NFC");
        }

        string[] patterns = file.TryGetProperty("pre_tokenizer", out JsonElement pre) ? [.. Patterns(pre)] : [];
        if (patterns is not [Qwen2Words.Pattern])
        {
            throw new BadInputException($"{path}: cuts text by {(patterns is [string other, ..] ? other : "nothing")}; Qwen2's pattern is "
                + Qwen2Words.Pattern);
        }

        foreach (string option in new[] { "continuing_subword_prefix", "end_of_word_suffix", "unk_token" })
        {
            if (model.TryGetProperty(option, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() != "")
            {
                throw new BadInputException($"{path}: has {option} \"{value.GetString()}\"; Qwen2's tokenizers have none");
            }
        }
    }

    private static string? TypeOf(JsonElement step)
        => step.ValueKind == JsonValueKind.Object && step.TryGetProperty("type", out JsonElement type) ? type.ToString() : null;

    private static IEnumerable<string> Patterns(JsonElement step)
    {
        if (step.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        return step.TryGetProperty("pretokenizers", out JsonElement steps) && steps.ValueKind == JsonValueKind.Array
            ? steps.EnumerateArray().SelectMany(Patterns)
            : step.TryGetProperty("pattern", out JsonElement pattern) && pattern.ValueKind == JsonValueKind.Object
                ? pattern.EnumerateObject().Select(kind => kind.Value.ToString())
                : [];
    }

    private static Dictionary<string, int> IdsOf(string path, Func<Dictionary<string, int>?> read)
    {
        Dictionary<string, int>? ids;
        try
        {
            ids = read();
        }
        catch (JsonException failure)
        {
            throw new BadInputException(
                $"{path}: its vocabulary cannot be read; it is one JSON object, each piece in it once with its id, a whole number", failure);
        }

        return ids is not null && ByteAlphabet.CharOfByte.All(symbol => ids.ContainsKey(symbol.ToString()))
            ? ids
            : throw new BadInputException($"{path}: its vocabulary lacks some of the 256 bytes, which a byte-level vocabulary holds");
    }

    private static (string Left, string Right)? PairOf(string line)
        => line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : null;

    /// <summary>Older files hold a merge as one string, newer ones as two.</summary>
    private static (string Left, string Right)? PairOf(JsonElement merge) => merge.ValueKind switch
    {
        JsonValueKind.String => PairOf(merge.GetString()!),
        JsonValueKind.Array when merge.GetArrayLength() == 2 => (merge[0].ToString(), merge[1].ToString()),
        _ => null,
    };

    private static string[] OrderById(string path, Dictionary<string, int> idOfPiece, IReadOnlyDictionary<string, int> added)
    {
        int largest = idOfPiece.Values.Concat(added.Values).Max();
        if (largest >= 2 * (idOfPiece.Count + added.Count))
        {
            throw new BadInputException($"{path}: has id {largest} among {idOfPiece.Count + added.Count} pieces and added tokens");
        }

        string?[] pieces = new string?[largest + 1];
        foreach ((string piece, int id) in idOfPiece.Concat(added))
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
