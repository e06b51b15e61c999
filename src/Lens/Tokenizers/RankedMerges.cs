namespace DiffusionLens.Tokenizers;

/// <summary>
/// Joins neighbors of a sequence of pieces: of all pairs that can be joined the one of the lowest rank first, the left one of equals. A
/// sequence of n pieces takes n log n steps, so one of a megabyte is no trouble.
/// </summary>
internal sealed class RankedMerges
{
    private const int Gone = -2;

    private readonly Dictionary<(int Left, int Right), Merge> _merges;

    private RankedMerges(Dictionary<(int Left, int Right), Merge> merges) => _merges = merges;

    /// <param name="merges">Each pair with its rank; of a pair that comes twice the first one counts.</param>
    public static RankedMerges Of(IEnumerable<RankedPair> merges)
    {
        Dictionary<(int, int), Merge> ranked = [];
        foreach (RankedPair pair in merges)
        {
            ranked.TryAdd((pair.Left, pair.Right), new Merge(pair.Rank, pair.Joined));
        }

        return new RankedMerges(ranked);
    }

    /// <param name="idOfPiece">The vocabulary.</param>
    /// <param name="merges">Pairs of its pieces, lowest rank first.</param>
    /// <param name="errorAt">Makes an error about the merge of a rank.</param>
    /// <exception cref="BadInputException">A merge is not of this vocabulary, or comes twice.</exception>
    public static RankedMerges Of(
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

        return new RankedMerges(ranked);

        int IdOf(string piece, int rank) => idOfPiece.TryGetValue(piece, out int id)
            ? id
            : throw errorAt(rank, $"\"{piece}\" is not in the vocabulary; vocabulary and merges have to be of one tokenizer");
    }

    /// <summary>What is left when nothing can be joined any more.</summary>
    public List<int> Join(IReadOnlyList<int> pieces)
    {
        Symbol[] symbols = new Symbol[pieces.Count];
        for (int i = 0; i < symbols.Length; i++)
        {
            symbols[i] = new Symbol(pieces[i], i - 1, i + 1);
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

    private readonly record struct Merge(int Rank, int Id);

    /// <summary>A piece, linked with its neighbors by their places.</summary>
    private readonly record struct Symbol(int Id, int Previous, int Next);
}

/// <summary>Two pieces that may be joined.</summary>
/// <param name="Left">The id of the left one.</param>
/// <param name="Right">The id of the right one.</param>
/// <param name="Joined">The id of both together.</param>
/// <param name="Rank">Lower ones are joined before higher ones.</param>
internal readonly record struct RankedPair(int Left, int Right, int Joined, int Rank);
