namespace DiffusionLens.Tokenizers;

/// <summary>What two texts have in common: a longest common subsequence of their UTF-16 units.</summary>
internal static class CommonUnits
{
    /// <summary>Of longer texts only the beginning and the end are compared.</summary>
    private const int MostCells = 4_000_000;

    /// <summary>Places of the same unit in both, in their order.</summary>
    public static IEnumerable<(int Old, int New)> Of(string old, string young)
    {
        int start = old.AsSpan().CommonPrefixLength(young), shorter = Math.Min(old.Length, young.Length), same = 0;
        while (same < shorter - start && old[^(same + 1)] == young[^(same + 1)])
        {
            same++;
        }

        int oldEnd = old.Length - same, youngEnd = young.Length - same;
        return [
            .. Enumerable.Range(0, start).Select(i => (i, i)),
            .. Between(old.AsSpan(start..oldEnd), young.AsSpan(start..youngEnd)).Select(pair => (start + pair.Old, start + pair.New)),
            .. Enumerable.Range(0, same).Select(i => (oldEnd + i, youngEnd + i)),
        ];
    }

    private static List<(int Old, int New)> Between(ReadOnlySpan<char> old, ReadOnlySpan<char> young)
    {
        List<(int, int)> common = [];
        if (((long)old.Length + 1) * (young.Length + 1) > MostCells)
        {
            return common;
        }

        // How many units the rests behind two places have in common.
        int[,] counts = new int[old.Length + 1, young.Length + 1];
        for (int i = old.Length - 1; i >= 0; i--)
        {
            for (int j = young.Length - 1; j >= 0; j--)
            {
                counts[i, j] = old[i] == young[j] ? counts[i + 1, j + 1] + 1 : Math.Max(counts[i + 1, j], counts[i, j + 1]);
            }
        }

        for (int i = 0, j = 0; i < old.Length && j < young.Length;)
        {
            if (old[i] == young[j])
            {
                common.Add((i++, j++));
            }
            else if (counts[i + 1, j] >= counts[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return common;
    }
}
