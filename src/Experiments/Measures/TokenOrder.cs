namespace Experiments.Measures;

/// <summary>Which of a word's tokens a row shows: positions differ from prompt to prompt, their order does not.</summary>
internal static class TokenOrder
{
    /// <summary>Of each prompt the rows that show the n-th of its tokens.</summary>
    /// <param name="rows">All rows of a condition that shows one token after another.</param>
    /// <param name="number">n, from 1. A prompt with fewer tokens has no such row.</param>
    public static IEnumerable<AnsweredRow> Nth(IEnumerable<AnsweredRow> rows, int number) =>
        rows.GroupBy(row => row.Prompt).SelectMany(prompt =>
        {
            int[] tokens = [.. prompt.Select(row => row.Token).OfType<int>().Distinct().Order()];
            return number <= tokens.Length ? prompt.Where(row => row.Token == tokens[number - 1]) : [];
        });
}
