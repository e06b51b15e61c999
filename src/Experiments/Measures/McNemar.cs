namespace Experiments.Measures;

/// <summary>
/// McNemar's exact test of whether one of two conditions has more yes, of pairs of answers (McNemar: Note on the sampling error of the
/// difference between correlated proportions or percentages, 1947; exact: Conover, Practical Nonparametric Statistics, section 3.5). Only
/// pairs that differ count: without a difference, each would be the first's or the second's with probability 1/2. It takes pairs to be
/// independent, which seeds of one prompt are not.
/// </summary>
/// <param name="OnlyFirst">Pairs with a yes in the first alone.</param>
/// <param name="OnlySecond">Pairs with a yes in the second alone.</param>
internal sealed record McNemar(int OnlyFirst, int OnlySecond)
{
    /// <summary>The smaller of the two counts.</summary>
    public int Statistic => Math.Min(OnlyFirst, OnlySecond);

    /// <summary>
    /// The two-sided p-value: twice the probability that of all pairs that differ <see cref="Statistic"/> or fewer are the first's, at most
    /// 1. Where no pair differs it is 1.
    /// </summary>
    public double P
    {
        get
        {
            int n = OnlyFirst + OnlySecond;

            // By logarithms: 2^-n is no double any more where n is above 1074.
            double logarithm = -n * Math.Log(2);
            for (int i = 1; i <= Statistic; i++)
            {
                logarithm += Math.Log((double)(n - Statistic + i) / i);
            }

            double term = Math.Exp(logarithm), tail = term;
            for (int k = Statistic; k > 0; k--)
            {
                term *= (double)k / (n - k + 1);
                tail += term;
            }

            return Math.Min(1, 2 * tail);
        }
    }
}
