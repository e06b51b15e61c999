using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Experiments.Answers;

namespace Experiments.Annotation;

/// <summary>One question about a stream of images, as the paper's annotators had it: sets of at most 50 images.</summary>
/// <param name="Question">The question in words.</param>
/// <param name="Prompt">The prompt, where the question is about what the prompt says; else null, and people do not see it.</param>
/// <param name="Places">The questions, by their places in what the plan asks, in the order in which they are shown.</param>
/// <param name="IsSecond">Whether a second person is asked what a first one has answered.</param>
internal sealed partial record QuestionSet(string Question, string? Prompt, IReadOnlyList<int> Places, bool IsSecond)
{
    /// <summary>The paper's, in its guidelines (Fig. 20).</summary>
    private const int Most = 50;

    /// <summary>
    /// Sorts questions into sets. Sets and the images in them are shuffled, so that nobody sees the layers of a prompt one after another;
    /// the order depends on the seed and on what is asked, and so is the same after an interruption.
    /// </summary>
    /// <param name="asked">What the plan asks.</param>
    /// <param name="seed">Of the shuffle.</param>
    /// <param name="overlap">The share that a second person is asked too, 0 to 1.</param>
    public static IReadOnlyList<QuestionSet> Make(IReadOnlyList<Answer> asked, ulong seed, double overlap)
    {
        string[] order = [.. asked.Select(answer => Shuffled(seed, "order", answer))];
        int twice = (int)Math.Ceiling(overlap * asked.Count);
        HashSet<int> second =
        [
            .. Enumerable.Range(0, asked.Count)
                .OrderBy(place => Shuffled(seed, "overlap", asked[place]), StringComparer.Ordinal)
                .Take(twice),
        ];
        return
        [
            .. Sets(Enumerable.Range(0, asked.Count), isSecond: false).Concat(Sets(second, isSecond: true))
                .OrderBy(set => order[set.Places[0]], StringComparer.Ordinal)
                .ThenBy(set => set.IsSecond),
        ];

        IEnumerable<QuestionSet> Sets(IEnumerable<int> places, bool isSecond) =>
            from set in places.GroupBy(place => (asked[place].Asked, Prompt: NeededPrompt(asked[place])))
            let sorted = set.OrderBy(place => order[place], StringComparer.Ordinal).ToArray()
            let count = (sorted.Length + Most - 1) / Most
            from part in sorted.Chunk((sorted.Length + count - 1) / count)
            select new QuestionSet(set.Key.Asked, set.Key.Prompt, part, isSecond);
    }

    // Hidden, unless the question speaks of it.
    private static string? NeededPrompt(Answer asked) => SpeaksOfPrompt().IsMatch(asked.Asked) ? asked.Prompt : null;

    private static string Shuffled(ulong seed, string use, Answer answer)
    {
        string text = string.Join(
            '\n', seed, use, answer.Condition, answer.Prompt, answer.Seed, answer.Site, answer.Layer, answer.Question);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [GeneratedRegex(@"\b(?:prompt|caption)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SpeaksOfPrompt();
}
