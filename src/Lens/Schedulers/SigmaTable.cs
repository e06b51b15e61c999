namespace DiffusionLens.Schedulers;

/// <summary>The noise levels of all training steps, rising, and what lies between them.</summary>
internal static class SigmaTable
{
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
