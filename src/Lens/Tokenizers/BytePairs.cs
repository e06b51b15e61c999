namespace DiffusionLens.Tokenizers;

/// <summary>Byte-pair encoding of single words over a vocabulary that holds every byte.</summary>
internal sealed class BytePairs
{
    private readonly int[] _idOfByte;
    private readonly RankedMerges _merges;

    private BytePairs(int[] idOfByte, RankedMerges merges) => (_idOfByte, _merges) = (idOfByte, merges);

    /// <param name="idOfPiece">The vocabulary, spelled in <see cref="ByteAlphabet"/>.</param>
    /// <param name="merges">Pairs of its pieces, lowest rank first.</param>
    /// <param name="errorAt">Makes an error about the merge of a rank.</param>
    /// <exception cref="BadInputException">A merge is not of this vocabulary.</exception>
    public static BytePairs Of(
        IReadOnlyDictionary<string, int> idOfPiece,
        IReadOnlyList<(string Left, string Right)> merges,
        Func<int, string, BadInputException> errorAt)
    {
        RankedMerges ranked = RankedMerges.Of(idOfPiece, merges, errorAt);
        return new BytePairs([.. ByteAlphabet.CharOfByte.Select(symbol => idOfPiece[symbol.ToString()])], ranked);
    }

    /// <summary>The ids of a word's UTF-8 bytes.</summary>
    public List<int> Encode(ReadOnlySpan<byte> word)
    {
        int[] bytes = new int[word.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = _idOfByte[word[i]];
        }

        return _merges.Join(bytes);
    }
}
