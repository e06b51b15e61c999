using DiffusionLens.Runtime;

namespace Training.Language;

/// <summary>
/// T5's task (Raffel et al. 2020, section 3.1.4): spans of the text are taken out, each replaced by a sentinel; the answer is the
/// sentinels, each with what it stands for.
/// </summary>
/// <param name="Inputs">What the encoder reads, ended by <c>&lt;/s&gt;</c>.</param>
/// <param name="Answer">What the decoder is to write, ended by <c>&lt;/s&gt;</c>.</param>
internal sealed record SpanCorruption(IReadOnlyList<int> Inputs, IReadOnlyList<int> Answer)
{
    private const double Share = 0.2;
    private const int LongestSpan = 3;

    /// <param name="text">The ids of a text, without its end, at least one.</param>
    /// <param name="firstSentinel">Id of the first sentinel; the next one's is one less.</param>
    /// <param name="end">Id of <c>&lt;/s&gt;</c>.</param>
    /// <param name="random">Which spans: about a fifth of the tokens, at least one.</param>
    public static SpanCorruption Of(IReadOnlyList<int> text, int firstSentinel, int end, SplitMix64 random)
    {
        bool[] taken = new bool[text.Count];
        int left = Math.Max(1, (int)Math.Round(Share * text.Count));
        while (left > 0)
        {
            int length = Math.Min(left, random.Whole(1, LongestSpan)), start = random.Whole(0, text.Count - 1);
            for (int i = start; i < Math.Min(start + length, text.Count); i++)
            {
                left -= taken[i] ? 0 : 1;
                taken[i] = true;
            }
        }

        return Of(text, taken, firstSentinel, end);
    }

    /// <summary>The same with given tokens taken out.</summary>
    public static SpanCorruption Of(IReadOnlyList<int> text, IReadOnlyList<bool> taken, int firstSentinel, int end)
    {
        List<int> inputs = [], answer = [];
        int sentinel = firstSentinel;
        for (int i = 0; i < text.Count; i++)
        {
            if (!taken[i])
            {
                inputs.Add(text[i]);
                continue;
            }

            if (i == 0 || !taken[i - 1])
            {
                inputs.Add(sentinel);
                answer.Add(sentinel--);
            }

            answer.Add(text[i]);
        }

        return new([.. inputs, end], [.. answer, end]);
    }
}
