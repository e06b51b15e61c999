namespace DiffusionLens.Tokenizers;

/// <summary>
/// Byte-pair encoding of single words over a vocabulary that holds every byte: of two neighbors the pair of the lowest rank is joined
/// first, the left one of equals. A word of n bytes takes n log n steps, so one of a megabyte is no trouble.
/// </summary>
internal sealed class BytePairs
{
    private readonly int[] _idOfByte;
    private readonly Dictionary<(int Left, int Right), Merge> _merges;

    private BytePairs(int[] idOfByte, Dictionary<(int Left, int Right), Merge> merges) => (_idOfByte, _merges) = (idOfByte, merges);

    /// <param name="idOfPiece">The vocabulary, spelled in <see cref="ByteAlphabet"/>.</param>
    /// <param name="merges">Pairs of its pieces, lowest rank first.</param>
    /// <param name="errorAt">Makes an error about the merge of a rank.</param>
    /// <exception cref="BadInputException">A merge is not of this vocabulary.</exception>
    public static BytePairs Of(
        IReadOnlyDictionary<string, int> idOfPiece,
        IReadOnlyList<(string Left, string Right)> merges,
        Func<int, string, BadInputException> errorAt)
    {
        Dictionary<(int, int), Merge> ranked = new(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (string left, string right) = merges[rank];
            if (!ranked.TryAdd((IdOf(left, rank), IdOf(right, rank)), new Merge(rank, IdOf(left + right, rank))))
            {
                throw errorAt(rank, $"\"{left} {right}\" comes a second time; a merge has one rank");
            }
        }

        return new BytePairs([.. ByteAlphabet.CharOfByte.Select(symbol => idOfPiece[symbol.ToString()])], ranked);

        int IdOf(string piece, int rank) => idOfPiece.TryGetValue(piece, out int id)
            ? id
            : throw errorAt(rank, $"\"{piece}\" is not in the vocabulary; vocabulary and merges have to be of one tokenizer");
    }

    /// <summary>The ids of a word's UTF-8 bytes.</summary>
    public List<int> Encode(ReadOnlySpan<byte> word)
    {
        Symbol[] symbols = new Symbol[word.Length];
        for (int i = 0; i < symbols.Length; i++)
        {
            symbols[i] = new Symbol(_idOfByte[word[i]], i - 1, i + 1);
        }

        Join(symbols);
        List<int> ids = new(symbols.Length);
        for (int i = 0; i < symbols.Length; i = symbols[i].Next)
        {
            ids.Add(symbols[i].Id);
        }

        return ids;
    }

    private void Join(Symbol[] symbols)
    {
        PriorityQueue<(int Left, int Right), (int Rank, int Position)> pairs = new();
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            Offer(i);
        }

        while (pairs.TryDequeue(out (int Left, int Right) pair, out (int Rank, int Position) order))
        {
            (int left, int right) = pair;
            if (symbols[left].Next != right || symbols[right].Previous != left
                || !_merges.TryGetValue((symbols[left].Id, symbols[right].Id), out Merge merge) || merge.Rank != order.Rank)
            {
                // One of the two was joined with another neighbor meanwhile.
                continue;
            }

            int next = symbols[right].Next;
            symbols[left] = symbols[left] with { Id = merge.Id, Next = next };
            symbols[right] = symbols[right] with { Previous = Gone, Next = Gone };
            if (next < symbols.Length)
            {
                symbols[next] = symbols[next] with { Previous = left };
                Offer(left);
            }

            if (symbols[left].Previous >= 0)
            {
                Offer(symbols[left].Previous);
            }
        }

        void Offer(int left)
        {
            int right = symbols[left].Next;
            if (_merges.TryGetValue((symbols[left].Id, symbols[right].Id), out Merge merge))
            {
                pairs.Enqueue((left, right), (merge.Rank, left));
            }
        }
    }

    private const int Gone = -2;

    private readonly record struct Merge(int Rank, int Id);

    /// <summary>A part of a word, linked with its neighbors by their places.</summary>
    private readonly record struct Symbol(int Id, int Previous, int Next);
}
