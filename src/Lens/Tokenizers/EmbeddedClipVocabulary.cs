using System.IO.Compression;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// OpenAI CLIP's own vocabulary, which every Stable Diffusion has: a checkpoint in a single file has none beside it.
/// </summary>
internal static class EmbeddedClipVocabulary
{
    private const string Resource = "clip-merges.txt.gz";
    private const string Start = "<|startoftext|>", End = "<|endoftext|>";

    private static readonly Lazy<ClipVocabulary> Read = new(Derive);

    /// <summary>The 49,408 pieces; read once, when first asked for.</summary>
    public static ClipVocabulary Vocabulary => Read.Value;

    /// <summary>Start and end token, with the padding of Stable Diffusion 1 (the end token).</summary>
    public static SpecialTokens SpecialTokens { get; } = new(Start, End, End, End);

    /// <summary>merges.txt, byte for byte as OpenAI and Stability publish it.</summary>
    public static byte[] Merges()
    {
        using Stream packed = typeof(EmbeddedClipVocabulary).Assembly.GetManifestResourceStream(Resource)!;
        using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        using MemoryStream merges = new();
        unpacked.CopyTo(merges);
        return merges.ToArray();
    }

    /// <summary>The ids follow from the merges: the bytes, the bytes at a word's end, what the merges make, start and end token.</summary>
    private static ClipVocabulary Derive()
    {
        using StreamReader reader = new(new MemoryStream(Merges()));
        reader.ReadLine();
        List<string> merges = new(48_894);
        while (reader.ReadLine() is string merge)
        {
            merges.Add(merge);
        }

        string[] pieces =
        [
            .. ByteAlphabet.InVocabularyOrder.Select(symbol => symbol.ToString()),
            .. ByteAlphabet.InVocabularyOrder.Select(symbol => symbol + ClipVocabulary.EndOfWord),
            .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)),
            Start,
            End,
        ];
        Dictionary<string, int> idOfPiece = new(pieces.Length, StringComparer.Ordinal);
        foreach (string piece in pieces)
        {
            idOfPiece.Add(piece, idOfPiece.Count);
        }

        return new ClipVocabulary(idOfPiece, pieces, merges);
    }
}
