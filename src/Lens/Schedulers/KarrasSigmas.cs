namespace DiffusionLens.Schedulers;

/// <summary>Noise levels spaced as in Karras et al. (arXiv 2206.00364, equation 5), and the training steps they stand for.</summary>
internal static class KarrasSigmas
{
    /// <summary>The paper's ρ.</summary>
    private const double Rho = 7;

    /// <summary><paramref name="count"/> levels from <paramref name="largest"/> down to <paramref name="smallest"/>.</summary>
    public static double[] Between(double largest, double smallest, int count)
        => [.. Spacing.Even(0, 1, count).Select(along =>
        {
            double first = Math.Pow(largest, 1 / Rho), last = Math.Pow(smallest, 1 / Rho);
            return Math.Pow(first + (along * (last - first)), Rho);
        })];

    /// <summary>
    /// Where <paramref name="sigma"/> lies in the rising <paramref name="table"/>, between its entries on a logarithmic scale.
    /// </summary>
    public static double Timestep(double sigma, double[] table)
    {
        int low = Math.Clamp(Array.FindLastIndex(table, entry => entry <= sigma), 0, table.Length - 2);
        double below = Math.Log(table[low]), above = Math.Log(table[low + 1]);
        return low + Math.Clamp((Math.Log(sigma) - below) / (above - below), 0, 1);
    }
}
