namespace DiffusionLens.Configs;

/// <summary>The word that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>
    /// The candidate with the fewest letters inserted, dropped or changed (Levenshtein's distance, letter case ignored); of equals
    /// the first. An empty string where there is no candidate.
    /// </summary>
    public static string Nearest(string word, IEnumerable<string> candidates) =>
        candidates.MinBy(candidate => Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())) ?? "";

    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[to.Length];
    }
}
