using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>vocab.json and merges.txt of a CLIP tokenizer, checked against each other.</summary>
internal sealed class ClipVocabulary
{
    /// <summary>Stands at the end of each word's last symbol.</summary>
    public const string EndOfWord = "</w>";

    /// <summary>Begins the first line of merges.txt.</summary>
    public const string MergesHeader = "#version";

    private static readonly JsonSerializerOptions EachPieceOnce = new() { AllowDuplicateProperties = false };

    /// <summary>What belongs together; <see cref="Read"/> checks it.</summary>
    internal ClipVocabulary(IReadOnlyDictionary<string, int> idOfPiece, IReadOnlyList<string> pieces, IReadOnlyList<string> merges)
    {
        IdOfPiece = idOfPiece;
        Pieces = pieces;
        Merges = merges;
    }

    /// <summary>OpenAI CLIP's own, which comes with the library.</summary>
    public static ClipVocabulary Embedded => EmbeddedClipVocabulary.Vocabulary;

    public IReadOnlyDictionary<string, int> IdOfPiece { get; }

    /// <summary>The pieces by id.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>Pairs of pieces with a space between, lowest rank first.</summary>
    public IReadOnlyList<string> Merges { get; }

    /// <exception cref="BadInputException">A file is missing or malformed, or the two do not belong together.</exception>
    public static ClipVocabulary Read(string vocabularyPath, string mergesPath)
    {
        Dictionary<string, int> idOfPiece = ReadIds(vocabularyPath);
        string[] pieces = OrderById(vocabularyPath, idOfPiece);
        RequireEveryByte(vocabularyPath, idOfPiece);
        return new ClipVocabulary(idOfPiece, pieces, ReadMerges(mergesPath, idOfPiece));
    }

    /// <summary>Of <c>tokenizer.json</c>, the one file that transformers 5 writes.</summary>
    /// <exception cref="BadInputException">It is another kind of tokenizer's, or its parts do not belong together.</exception>
    public static ClipVocabulary Of(TokenizerJson json)
    {
        string model = $"{json.Path}: model";
        RequireClipSteps(json);
        Dictionary<string, int> idOfPiece = new(json.Vocabulary, StringComparer.Ordinal);
        string[] pieces = OrderById(model, idOfPiece);
        RequireEveryByte(model, idOfPiece);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string merge, int rank) in json.Merges.Select((merge, rank) => (merge, rank)))
        {
            RequireMerge($"{model}.merges[{rank}]", merge, idOfPiece, seen);
        }

        return new ClipVocabulary(idOfPiece, pieces, json.Merges);
    }

    /// <summary>
    /// How text is made ready and cut is CLIP's own and stands in the code; a file that says something else is another tokenizer's.
    /// </summary>
    private static void RequireClipSteps(TokenizerJson json)
    {
        if (json.ModelType != TokenizerJson.BytePairs || json.Model.Text("end_of_word_suffix", "") != EndOfWord)
        {
            throw new BadInputException(
                $"{json.Path}: its model is {json.ModelType} without the suffix {EndOfWord}; CLIP's has byte pairs whose words end in it");
        }

        json.Model.Only("byte_fallback", "false");
        json.Model.Only("ignore_merges", "false");
        json.Model.Only("continuing_subword_prefix", "");
        Require("normalizers", json.Normalizers.Select(TokenizerJson.TypeOf), ["NFC", "Replace", "Lowercase"]);
        Require("pre_tokenizers", json.PreTokenizers.Select(TokenizerJson.TypeOf), ["Split", "ByteLevel"]);

        void Require(string steps, IEnumerable<string> there, string[] right)
        {
            string[] found = [.. there];
            if (!found.SequenceEqual(right))
            {
                throw new BadInputException(
                    $"{json.Path}: its {steps} are {(found.Length == 0 ? "none" : string.Join(", ", found))}; "
                    + $"CLIP's are {string.Join(", ", right)}");
            }
        }
    }

    private static Dictionary<string, int> ReadIds(string path)
    {
        const string Right = "a vocabulary is one JSON object, each piece in it once with its id, a whole number";
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(InputFile.ReadText(path), EachPieceOnce)
                ?? throw new BadInputException($"{path}:1:1: holds null; {Right}");
        }
        catch (JsonException failure)
        {
            string where = $"{path}:{failure.LineNumber + 1}:{failure.BytePositionInLine + 1}";
            throw new BadInputException($"{where}: cannot be read on here; {Right}", failure);
        }
    }

    private static string[] OrderById(string path, Dictionary<string, int> idOfPiece)
    {
        string?[] pieces = new string?[idOfPiece.Count];
        foreach ((string piece, int id) in idOfPiece)
        {
            if (id < 0 || id >= pieces.Length)
            {
                throw new BadInputException(
                    $"{path}: \"{piece}\" has id {id}; the ids of {pieces.Length} pieces are 0 to {pieces.Length - 1}");
            }

            if (pieces[id] is string other)
            {
                throw new BadInputException($"{path}: \"{other}\" and \"{piece}\" both have id {id}; each piece has an id of its own");
            }

            pieces[id] = piece;
        }

        return pieces!;
    }

    private static void RequireEveryByte(string path, Dictionary<string, int> idOfPiece)
    {
        foreach (char symbol in ByteAlphabet.InVocabularyOrder)
        {
            foreach (string piece in new[] { symbol.ToString(), symbol + EndOfWord })
            {
                if (!idOfPiece.ContainsKey(piece))
                {
                    throw new BadInputException(
                        $"{path}: has no \"{piece}\"; a CLIP vocabulary holds all 256 byte symbols, with and without {EndOfWord}");
                }
            }
        }
    }

    private static List<string> ReadMerges(string path, Dictionary<string, int> idOfPiece)
    {
        using StringReader reader = new(InputFile.ReadText(path));
        if (reader.ReadLine() is not string header || !header.StartsWith(MergesHeader, StringComparison.Ordinal))
        {
            throw new BadInputException($"{path}:1: is no header; merges begin after a line such as \"{MergesHeader}: 0.2\"");
        }

        List<string> merges = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        int blank = 0;
        for (int line = 2; reader.ReadLine() is string merge; line++)
        {
            // Editors and tools leave blank lines at the end; transformers strips them too.
            if (string.IsNullOrWhiteSpace(merge))
            {
                blank = blank == 0 ? line : blank;
                continue;
            }

            if (blank > 0)
            {
                throw new BadInputException(
                    $"{path}:{blank}: is blank, with merges behind it; each line is two pieces with one space between");
            }

            RequireMerge($"{path}:{line}", merge, idOfPiece, seen);
            merges.Add(merge);
        }

        return merges;
    }

    private static void RequireMerge(string where, string merge, Dictionary<string, int> idOfPiece, HashSet<string> seen)
    {
        if (merge.Split(' ') is not [string left, string right])
        {
            throw new BadInputException($"{where}: \"{merge}\" is no merge, which is two pieces with one space between");
        }

        if (new[] { left, right, left + right }.FirstOrDefault(piece => !idOfPiece.ContainsKey(piece)) is string unknown)
        {
            throw new BadInputException($"{where}: \"{unknown}\" is not in the vocabulary; both have to be of one tokenizer");
        }

        if (!seen.Add(merge))
        {
            throw new BadInputException($"{where}: \"{merge}\" comes a second time; a merge has one rank");
        }
    }
}
