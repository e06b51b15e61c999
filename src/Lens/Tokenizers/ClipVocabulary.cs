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
        for (int line = 2; reader.ReadLine() is string merge; line++)
        {
            string where = $"{path}:{line}";
            if (merge.Split(' ') is not [string left, string right])
            {
                throw new BadInputException($"{where}: \"{merge}\" is no merge, which is two pieces with one space between");
            }

            if (new[] { left, right, left + right }.FirstOrDefault(piece => !idOfPiece.ContainsKey(piece)) is string unknown)
            {
                throw new BadInputException($"{where}: \"{unknown}\" is not in the vocabulary; both files have to be of one tokenizer");
            }

            if (!seen.Add(merge))
            {
                throw new BadInputException($"{where}: \"{merge}\" comes a second time; a merge has one rank");
            }

            merges.Add(merge);
        }

        return merges;
    }
}
