using System.Text;
using System.Text.Json;

namespace Lens.Tokenizers;

/// <summary>vocab.json and merges.txt of a CLIP tokenizer, checked against each other.</summary>
internal sealed class ClipVocabulary
{
    /// <summary>Stands at the end of each word's last symbol.</summary>
    public const string EndOfWord = "</w>";

    /// <summary>Begins the first line of merges.txt.</summary>
    public const string MergesHeader = "#version";

    private ClipVocabulary(string path, IReadOnlyDictionary<string, int> idOfPiece, IReadOnlyList<string> pieces, IReadOnlyList<string> merges)
    {
        Path = path;
        IdOfPiece = idOfPiece;
        Pieces = pieces;
        Merges = merges;
    }

    /// <summary>The path of vocab.json.</summary>
    public string Path { get; }

    public IReadOnlyDictionary<string, int> IdOfPiece { get; }

    /// <summary>The pieces by id.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>Pairs of pieces with a space between, lowest rank first.</summary>
    public IReadOnlyList<string> Merges { get; }

    /// <exception cref="BadInputException">A file is missing or malformed, or the two do not belong together.</exception>
    public static ClipVocabulary Read(string folder)
    {
        string path = System.IO.Path.Combine(folder, TokenizerFiles.Vocabulary);
        Dictionary<string, int> idOfPiece = ReadIds(path);
        string[] pieces = OrderById(path, idOfPiece);
        RequireEveryByte(path, idOfPiece);
        List<string> merges = ReadMerges(System.IO.Path.Combine(folder, TokenizerFiles.Merges), idOfPiece);
        return new ClipVocabulary(path, idOfPiece, pieces, merges);
    }

    private static Dictionary<string, int> ReadIds(string path)
    {
        Dictionary<string, int> idOfPiece = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in TokenizerFiles.ReadObject(path).EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id))
            {
                throw new BadInputException($"{path}: the id of \"{entry.Name}\" is {entry.Value.GetRawText()}; an id is a whole number");
            }

            if (!idOfPiece.TryAdd(entry.Name, id))
            {
                throw new BadInputException($"{path}: \"{entry.Name}\" stands in it twice; each piece has one id");
            }
        }

        return idOfPiece;
    }

    private static string[] OrderById(string path, Dictionary<string, int> idOfPiece)
    {
        string?[] pieces = new string?[idOfPiece.Count];
        foreach ((string piece, int id) in idOfPiece)
        {
            if (id < 0 || id >= pieces.Length)
            {
                throw new BadInputException($"{path}: \"{piece}\" has id {id}; the ids of {pieces.Length} pieces are 0 to {pieces.Length - 1}");
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
        using StreamReader reader = new(new MemoryStream(TokenizerFiles.Read(path)), Encoding.UTF8);
        if (reader.ReadLine() is not string header || !header.StartsWith(MergesHeader, StringComparison.Ordinal))
        {
            throw new BadInputException($"{path}:1: is not the header; merges begin after a line such as \"{MergesHeader}: 0.2\"");
        }

        List<string> merges = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int line = 2; reader.ReadLine() is string merge; line++)
        {
            if (merge.Length == 0 && reader.EndOfStream)
            {
                break;
            }

            string where = $"{path}:{line}";
            string[] parts = merge.Split(' ');
            if (parts.Length != 2)
            {
                throw new BadInputException($"{where}: \"{merge}\" is no merge; a merge is two pieces with one space between");
            }

            foreach (string piece in new[] { parts[0], parts[1], string.Concat(parts) })
            {
                if (!idOfPiece.ContainsKey(piece))
                {
                    throw new BadInputException($"{where}: \"{piece}\" is not in {TokenizerFiles.Vocabulary}; the two files have to be a pair");
                }
            }

            if (!seen.Add(merge))
            {
                throw new BadInputException($"{where}: \"{merge}\" stands in it twice; a merge has one rank");
            }

            merges.Add(merge);
        }

        return merges;
    }
}
