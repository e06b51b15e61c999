namespace DiffusionLens.Tokenizers;

/// <summary>Which pieces of a SentencePiece model of byte pairs may be joined, and in which order.</summary>
internal static class SentencePieceMerges
{
    /// <summary>
    /// SentencePiece's own order: of all pairs that are a piece together the one of the highest score; however it is cut, it is the same.
    /// </summary>
    /// <param name="model">The pieces.</param>
    /// <param name="idOfPiece">Their ids.</param>
    public static IEnumerable<RankedPair> Of(SentencePieceModel model, Dictionary<string, int> idOfPiece)
    {
        double[] scores = [.. model.Pieces.Select(piece => piece.Score).Distinct().OrderDescending()];
        Dictionary<double, int> rankOf = scores.Select((score, rank) => (score, rank)).ToDictionary(pair => pair.score, pair => pair.rank);
        return from split in Splits(idOfPiece)
               where IsOfText(split.Joined) && IsOfText(split.Left) && IsOfText(split.Right)
               select new RankedPair(split.Left, split.Right, split.Joined, rankOf[model.Pieces[split.Joined].Score]);

        bool IsOfText(int id) => model.Kinds[id] is SentencePieceKind.Normal or SentencePieceKind.UserDefined
            || model.Pieces[id].Text == "<0x09>";
    }

    /// <summary>
    /// The order of the merges that transformers makes of such a file for its fast classes: by score, then by the length of the left part,
    /// then of the right one, longer ones first; then by ids.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static IEnumerable<RankedPair> OfFast(SentencePieceModel model, Dictionary<string, int> idOfPiece)
        => Splits(idOfPiece)
            .OrderByDescending(split => model.Pieces[split.Joined].Score)
            .ThenByDescending(split => split.LeftLength)
            .ThenByDescending(split => split.RightLength)
            .ThenBy(split => split.Joined)
            .ThenBy(split => split.Left)
            .ThenBy(split => split.Right)
            .Select((split, rank) => new RankedPair(split.Left, split.Right, split.Joined, rank));

    /// <summary>Every piece, cut in two pieces in every way.</summary>
    private static IEnumerable<PieceSplit> Splits(Dictionary<string, int> idOfPiece)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids = idOfPiece.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string piece, int id) in idOfPiece)
        {
            int length = piece.Length - piece.Count(char.IsLowSurrogate), leftLength = 0;
            for (int cut = 1; cut < piece.Length; cut++)
            {
                if (char.IsLowSurrogate(piece[cut]))
                {
                    continue;
                }

                leftLength++;
                if (ids.TryGetValue(piece.AsSpan(0, cut), out int left) && ids.TryGetValue(piece.AsSpan(cut), out int right))
                {
                    yield return new PieceSplit(left, right, id, leftLength, length - leftLength);
                }
            }
        }
    }

    /// <param name="Left">The id of the left part.</param>
    /// <param name="Right">The id of the right part.</param>
    /// <param name="Joined">The id of both.</param>
    /// <param name="LeftLength">In characters.</param>
    /// <param name="RightLength">In characters.</param>
    private readonly record struct PieceSplit(int Left, int Right, int Joined, int LeftLength, int RightLength);
}
