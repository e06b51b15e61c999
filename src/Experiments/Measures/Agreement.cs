namespace Experiments.Measures;

/// <summary>How far two annotators agree about the same images (the paper's Table 2). The first is taken as the truth.</summary>
/// <param name="FirstOnly">Yes by the first alone.</param>
/// <param name="SecondOnly">Yes by the second alone.</param>
internal sealed record Agreement(int BothYes, int FirstOnly, int SecondOnly, int BothNo)
{
    /// <summary>Number of answers that both gave.</summary>
    public int Count => BothYes + FirstOnly + SecondOnly + BothNo;

    /// <summary>Of all answers, the share that are the same; null where there is none.</summary>
    public double? Share => ShareOf(BothYes + BothNo, Count);

    /// <summary>Of the second's yes, the share that the first confirms; null where the second says no always.</summary>
    public double? Precision => ShareOf(BothYes, BothYes + SecondOnly);

    /// <summary>Of the first's yes, the share that the second finds; null where the first says no always.</summary>
    public double? Recall => ShareOf(BothYes, BothYes + FirstOnly);

    /// <summary>The harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>; null where nobody says yes.</summary>
    public double? F1 => ShareOf(2 * BothYes, (2 * BothYes) + FirstOnly + SecondOnly);

    /// <summary><see cref="CohenKappa"/>; null where chance alone gives full agreement.</summary>
    public double? Kappa => CohenKappa.Of([[BothYes, FirstOnly], [SecondOnly, BothNo]]);

    /// <summary>The counts of several together.</summary>
    public static Agreement Sum(IReadOnlyCollection<Agreement> parts)
    {
        int bothYes = 0, firstOnly = 0, secondOnly = 0, bothNo = 0;
        foreach (Agreement part in parts)
        {
            bothYes += part.BothYes;
            firstOnly += part.FirstOnly;
            secondOnly += part.SecondOnly;
            bothNo += part.BothNo;
        }

        return new Agreement(bothYes, firstOnly, secondOnly, bothNo);
    }

    /// <summary>Counts answers.</summary>
    /// <param name="answers">The two annotators' answers to the same questions.</param>
    public static Agreement Of(IEnumerable<(bool First, bool Second)> answers)
    {
        ILookup<(bool, bool), (bool, bool)> counts = answers.ToLookup(pair => pair);
        return new Agreement(
            counts[(true, true)].Count(), counts[(true, false)].Count(), counts[(false, true)].Count(), counts[(false, false)].Count());
    }

    private static double? ShareOf(int part, int all) => all == 0 ? null : (double)part / all;
}
