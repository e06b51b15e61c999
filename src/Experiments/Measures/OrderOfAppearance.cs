namespace Experiments.Measures;

/// <summary>Which of two things a row shows earlier.</summary>
internal enum Earlier
{
    /// <summary>The first is there alone before the second is.</summary>
    First,

    /// <summary>The second is there alone before the first is.</summary>
    Second,

    /// <summary>No layer shows exactly one of them.</summary>
    Together,
}

/// <summary>
/// The order of appearance of two things (the paper's section 4.2 and Table 1): the earlier one is the one that is there in the first
/// layer that shows exactly one of the two.
/// </summary>
/// <param name="First">Rows with the first earlier.</param>
/// <param name="Second">Rows with the second earlier.</param>
/// <param name="Races">Rows with a <see cref="IsRace">race</see>.</param>
/// <param name="Count">All rows that were asked about both.</param>
internal sealed record OrderOfAppearance(int First, int Second, int Races, int Count)
{
    /// <summary>Counts rows; those that were not asked about both things are left aside.</summary>
    /// <param name="first">The question whether the first is there.</param>
    /// <param name="second">The question whether the second is there.</param>
    /// <param name="layers">The layers looked through, ascending.</param>
    public static OrderOfAppearance Of(IEnumerable<AnsweredRow> rows, string first, string second, IReadOnlyList<int> layers)
    {
        AnsweredRow[] asked = [.. rows.Where(row => row.Has(first) && row.Has(second))];
        ILookup<Earlier, AnsweredRow> order = asked.ToLookup(row => EarlierOf(row, first, second, layers));
        return new OrderOfAppearance(
            order[Earlier.First].Count(),
            order[Earlier.Second].Count(),
            asked.Count(row => IsRace(row, first, second, layers)),
            asked.Length);
    }

    /// <summary>Which of the two things a row shows earlier. A thing that nobody answered about is not there.</summary>
    /// <param name="first">The question whether the first is there.</param>
    /// <param name="second">The question whether the second is there.</param>
    /// <param name="layers">The layers looked through, ascending.</param>
    public static Earlier EarlierOf(AnsweredRow row, string first, string second, IReadOnlyList<int> layers)
    {
        foreach (int layer in layers)
        {
            bool hasFirst = row.Answer(first, layer) == true, hasSecond = row.Answer(second, layer) == true;
            if (hasFirst != hasSecond)
            {
                return hasFirst ? Earlier.First : Earlier.Second;
            }
        }

        return Earlier.Together;
    }

    /// <summary>
    /// A race (the paper's section 4.2 and A.2): the thing that came first is gone in the layer where the other one first appears.
    /// </summary>
    /// <param name="first">The question whether the first is there.</param>
    /// <param name="second">The question whether the second is there.</param>
    /// <param name="layers">The layers looked through, ascending.</param>
    public static bool IsRace(AnsweredRow row, string first, string second, IReadOnlyList<int> layers)
    {
        int firstFrom = FirstLayer(row, first, layers), secondFrom = FirstLayer(row, second, layers);
        return firstFrom < 0 || secondFrom < 0 || firstFrom == secondFrom ? false
            : firstFrom < secondFrom ? row.Answer(first, secondFrom) != true
            : row.Answer(second, firstFrom) != true;
    }

    private static int FirstLayer(AnsweredRow row, string question, IReadOnlyList<int> layers) =>
        layers.FirstOrDefault(layer => row.Answer(question, layer) == true, -1);
}
