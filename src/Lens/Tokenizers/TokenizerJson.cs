using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// <c>tokenizer.json</c>, in which the Hugging Face library tokenizers keeps all of a tokenizer: byte pairs (CLIP, Qwen2) or unigrams (T5),
/// added tokens, and the steps before and behind. Padding and truncation that someone saved in it are not read: lengths are the caller's.
/// </summary>
internal sealed class TokenizerJson
{
    /// <summary><see cref="ModelType"/> of byte pairs, and of unigrams.</summary>
    public const string BytePairs = "BPE", Unigram = "Unigram";

    private TokenizerJson(string path, JsonElement root, JsonElement model)
    {
        Path = path;
        Model = new ConfigReader(model, $"{path}: model");
        ModelType = Model.Text("type", model.TryGetProperty("merges", out _) ? BytePairs : Unigram);
        AddedTokens = [.. ReadAddedTokens(path, root)];
        Normalizers = [.. Steps(root, "normalizer", "normalizers")];
        PreTokenizers = [.. Steps(root, "pre_tokenizer", "pretokenizers")];
        switch (ModelType)
        {
            case BytePairs:
                Vocabulary = ReadVocabulary(path, model);
                Merges = [.. ReadMerges(path, model)];
                break;
            case Unigram:
                Unigrams = [.. ReadUnigrams(path, model)];
                break;
            default:
                throw new BadInputException($"{path}: its model is {ModelType}; supported are {BytePairs} and {Unigram}");
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary><see cref="BytePairs"/> or <see cref="Unigram"/>; old files leave it out.</summary>
    public string ModelType { get; }

    /// <summary>The further keys of the model, such as <c>unk_id</c> or <c>end_of_word_suffix</c>.</summary>
    public ConfigReader Model { get; }

    /// <summary>Byte pairs: the id of each piece, in the order of the file; added tokens need not be among them.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary { get; } = new Dictionary<string, int>();

    /// <summary>Byte pairs: two pieces with a space between, lowest rank first; the file has them so or as pairs.</summary>
    public IReadOnlyList<string> Merges { get; } = [];

    /// <summary>Unigrams: pieces in the order of their ids, with their scores.</summary>
    public IReadOnlyList<UnigramPiece> Unigrams { get; } = [];

    /// <summary>Tokens that are cut out of a text first.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; }

    /// <summary>What is done to text, in its order, each an object with a <c>type</c>.</summary>
    public IReadOnlyList<JsonElement> Normalizers { get; }

    /// <summary>How normalized text is cut into words, in its order, each an object with a <c>type</c>.</summary>
    public IReadOnlyList<JsonElement> PreTokenizers { get; }

    /// <exception cref="BadInputException">The file is missing or malformed, or of another kind of model.</exception>
    public static TokenizerJson Read(string folder)
        => Read(PathIn(folder), (path, root) =>
            root.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.Object
                ? new TokenizerJson(path, root, model)
                : throw new BadInputException($"{path}: has no model, an object with vocab; it is no tokenizer"));

    /// <summary>Its added tokens alone, whatever else is in it.</summary>
    /// <exception cref="BadInputException">The file is missing or malformed.</exception>
    public static IReadOnlyList<AddedToken> ReadAddedTokens(string folder)
        => Read(PathIn(folder), (path, root) => ReadAddedTokens(path, root).ToArray());

    /// <summary>What it is called in a tokenizer's folder.</summary>
    public static string PathIn(string folder) => System.IO.Path.Combine(folder, TokenizerFolder.Whole);

    private static T Read<T>(string path, Func<string, JsonElement, T> parse)
    {
        JsonElement root = ConfigFile.ReadObject(path);
        try
        {
            return parse(path, root);
        }
        catch (InvalidOperationException failure)
        {
            // Half of a surrogate pair, escaped.
            throw new BadInputException($"{path}: holds a string that is no text ({failure.Message})", failure);
        }
    }

    /// <summary>The type of a step.</summary>
    public static string TypeOf(JsonElement step)
        => step.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "";

    private static Dictionary<string, int> ReadVocabulary(string path, JsonElement model)
    {
        if (!model.TryGetProperty("vocab", out JsonElement vocabulary) || vocabulary.ValueKind != JsonValueKind.Object)
        {
            throw new BadInputException($"{path}: model.vocab has to be an object, each piece in it once with its id");
        }

        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || !AddedToken.IsId(id))
            {
                throw new BadInputException(
                    $"{path}: \"{entry.Name}\" has id {entry.Value.GetRawText()}; ids are whole numbers, 0 to {Most.Any - 1}");
            }

            if (!ids.TryAdd(entry.Name, id))
            {
                throw new BadInputException($"{path}: \"{entry.Name}\" comes a second time; a piece has one id");
            }
        }

        return ids;
    }

    private static IEnumerable<string> ReadMerges(string path, JsonElement model)
    {
        if (!model.TryGetProperty("merges", out JsonElement merges) || merges.ValueKind != JsonValueKind.Array)
        {
            throw new BadInputException($"{path}: model.merges has to be a list of merges, each \"a b\" or [\"a\", \"b\"]");
        }

        int rank = 0;
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            string? pair = merge.ValueKind switch
            {
                JsonValueKind.String => merge.GetString(),
                JsonValueKind.Array when merge.EnumerateArray().All(piece => piece.ValueKind == JsonValueKind.String)
                    => string.Join(' ', merge.EnumerateArray().Select(piece => piece.GetString())),
                _ => null,
            };
            yield return pair?.Split(' ') is [{ Length: > 0 }, { Length: > 0 }]
                ? pair
                : throw new BadInputException(
                    $"{path}: model.merges[{rank}] is {merge.GetRawText()}; a merge is \"a b\" or [\"a\", \"b\"]");
            rank++;
        }
    }

    private static IEnumerable<UnigramPiece> ReadUnigrams(string path, JsonElement model)
    {
        if (!model.TryGetProperty("vocab", out JsonElement vocabulary) || vocabulary.ValueKind != JsonValueKind.Array)
        {
            throw new BadInputException(
                $"{path}: model.vocab has to be a list of pieces, each [\"piece\", score], in the order of their ids");
        }

        int id = 0;
        foreach (JsonElement entry in vocabulary.EnumerateArray())
        {
            yield return entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 2
                && entry[0].ValueKind == JsonValueKind.String && entry[1].ValueKind == JsonValueKind.Number
                && entry[1].GetDouble() is var score && float.IsFinite((float)score)
                ? new UnigramPiece(entry[0].GetString()!, score)
                : throw new BadInputException($"{path}: model.vocab[{id}] is {entry.GetRawText()}; a piece is [\"piece\", score]");
            id++;
        }
    }

    private static IEnumerable<AddedToken> ReadAddedTokens(string path, JsonElement root)
    {
        if (!root.TryGetProperty("added_tokens", out JsonElement tokens) || tokens.ValueKind == JsonValueKind.Null)
        {
            yield break;
        }

        if (tokens.ValueKind != JsonValueKind.Array)
        {
            throw new BadInputException($"{path}: added_tokens has to be a list");
        }

        foreach (JsonElement token in tokens.EnumerateArray())
        {
            yield return token.ValueKind == JsonValueKind.Object
                && token.TryGetProperty("id", out JsonElement number) && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt32(out int id) && id >= 0
                && AddedToken.Parse(token, id) is { } added
                ? added
                : throw new BadInputException($"{path}: added_tokens holds {token.GetRawText()}; each has an \"id\" and a \"content\"");
        }
    }

    /// <summary>A step alone, or those of a sequence, which may hold others.</summary>
    private static IEnumerable<JsonElement> Steps(JsonElement holder, string key, string nested)
        => holder.TryGetProperty(key, out JsonElement step) ? Flat(step, nested) : [];

    private static IEnumerable<JsonElement> Flat(JsonElement step, string nested)
        => step.ValueKind != JsonValueKind.Object ? []
            : TypeOf(step) == "Sequence" && step.TryGetProperty(nested, out JsonElement steps) && steps.ValueKind == JsonValueKind.Array
                ? steps.EnumerateArray().SelectMany(inner => Flat(inner, nested))
                : [step];
}
