namespace DiffusionLens.Tokenizers;

/// <summary>
/// The best way to spell a text in pieces: that with the highest sum of scores, found from left to right (Viterbi); of equals the first
/// found. A character that no piece covers is unknown, at 10 below the lowest score; a run of those is one token.
/// </summary>
internal sealed class UnigramText
{
    /// <summary>Stands for a space in pieces.</summary>
    public const string Space = "▁";

    private const double UnknownPenalty = 10;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idOfPiece;
    private readonly double[] _scores;
    private readonly int _longestPiece;
    private readonly int _unknown;
    private readonly double _unknownScore;
    private readonly bool _isSingle;

    /// <param name="pieces">In the order of their ids.</param>
    /// <param name="unknown">The id of what no piece covers.</param>
    /// <param name="isSingle">Whether scores are added up in float32, as SentencePiece does it, not in float64.</param>
    public UnigramText(IReadOnlyList<UnigramPiece> pieces, int unknown, bool isSingle)
    {
        Dictionary<string, int> ids = new(pieces.Count, StringComparer.Ordinal);
        _scores = new double[pieces.Count];
        double lowest = double.PositiveInfinity;
        for (int id = 0; id < pieces.Count; id++)
        {
            (string text, double score, bool isText) = pieces[id];
            _scores[id] = score;
            if (isText && text.Length > 0)
            {
                ids[text] = id;
                lowest = Math.Min(lowest, score);
                _longestPiece = Math.Max(_longestPiece, text.Length);
            }
        }

        _idOfPiece = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        (_unknown, _isSingle) = (unknown, isSingle);
        _unknownScore = Rounded(lowest - UnknownPenalty);
    }

    /// <summary>The tokens of a normalized text.</summary>
    public List<TextToken> Encode(AlignedText normalText)
    {
        string text = normalText.Text;
        Step[] best = new Step[text.Length + 1];
        for (int start = 0; start < text.Length;)
        {
            int character = char.IsSurrogatePair(text, start) ? 2 : 1;
            bool isCovered = false;
            for (int length = 1; length <= Math.Min(_longestPiece, text.Length - start); length++)
            {
                if (_idOfPiece.TryGetValue(text.AsSpan(start, length), out int id))
                {
                    Offer(id, start, length, _scores[id]);
                    isCovered |= length == character;
                }
            }

            if (!isCovered)
            {
                Offer(_unknown, start, character, _unknownScore);
            }

            start += character;
        }

        return Trace(normalText, best);

        void Offer(int id, int start, int length, double score)
        {
            double sum = Rounded(score + best[start].Score);
            if (best[start + length].Length == 0 || sum > best[start + length].Score)
            {
                best[start + length] = new Step(id, length, sum);
            }
        }
    }

    /// <summary>From the end back to the beginning.</summary>
    private List<TextToken> Trace(AlignedText text, Step[] best)
    {
        List<TextToken> tokens = [];
        for (int end = best.Length - 1; end > 0; end -= best[end].Length)
        {
            TextToken token = new(best[end].Id, OriginOf(text, (end - best[end].Length)..end));
            if (token.Id == _unknown && tokens is [.., TextToken next] && next.Id == _unknown)
            {
                tokens[^1] = new TextToken(_unknown, token.Span with { End = next.Span.End });
            }
            else
            {
                tokens.Add(token);
            }
        }

        tokens.Reverse();
        return tokens;
    }

    /// <summary>The space before what a piece spells may stand for several characters, of which some were no white space.</summary>
    private static TextSpan OriginOf(AlignedText text, Range piece)
    {
        int start = piece.Start.Value, end = piece.End.Value, spelled = start;
        while (spelled < end - 1 && text.Text[spelled] == Space[0])
        {
            spelled++;
        }

        return text.Origin(spelled, end - spelled);
    }

    private double Rounded(double sum) => _isSingle ? (float)sum : sum;

    /// <summary>The last piece of the best spelling up to a place; length 0: none is known.</summary>
    private readonly record struct Step(int Id, int Length, double Score);
}
