namespace Experiments.Measures;

/// <summary>How far two annotators agree about the same images (the paper's Table 2). The first is taken as the truth.</summary>
/// <param name="FirstOnly">Yes by the first alone.</param>
/// <param name="SecondOnly">Yes by the second alone.</param>
internal sealed record Agreement(int BothYes, int FirstOnly, int SecondOnly, int BothNo)
{
    /// <summary>Number of answers that both gave.</summary>
    public int Count => BothYes + FirstOnly + SecondOnly + BothNo;

    /// <summary>Of the second's yes, the share that the first confirms; null where the second says no always.</summary>
    public double? Precision => Share(BothYes, BothYes + SecondOnly);

    /// <summary>Of the first's yes, the share that the second finds; null where the first says no always.</summary>
    public double? Recall => Share(BothYes, BothYes + FirstOnly);

    /// <summary>The harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>; null where nobody says yes.</summary>
    public double? F1 => Share(2 * BothYes, (2 * BothYes) + FirstOnly + SecondOnly);

    /// <summary><see cref="CohenKappa"/>; null where chance alone gives full agreement.</summary>
    public double? Kappa => CohenKappa.Of([[BothYes, FirstOnly], [SecondOnly, BothNo]]);

    /// <summary>Counts answers.</summary>
    /// <param name="answers">The two annotators' answers to the same questions.</param>
    public static Agreement Of(IEnumerable<(bool First, bool Second)> answers)
    {
        ILookup<(bool, bool), (bool, bool)> counts = answers.ToLookup(pair => pair);
        return new Agreement(
            counts[(true, true)].Count(), counts[(true, false)].Count(), counts[(false, true)].Count(), counts[(false, false)].Count());
    }

    private static double? Share(int part, int all) => all == 0 ? null : (double)part / all;
}
