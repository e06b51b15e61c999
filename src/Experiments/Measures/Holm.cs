namespace Experiments.Measures;

/// <summary>
/// Holm's step-down correction for several tests (Holm: A Simple Sequentially Rejective Multiple Test Procedure, 1979): the probability
/// that any true null hypothesis is rejected is at most α, however the tests depend on each other.
/// </summary>
internal static class Holm
{
    /// <summary>Corrects the p-values of all tests of a family.</summary>
    /// <param name="p">The p-values.</param>
    /// <param name="alpha">α.</param>
    /// <returns>In the order of the input.</returns>
    public static IReadOnlyList<CorrectedTest> Correct(IReadOnlyList<double> p, double alpha)
    {
        CorrectedTest[] corrected = new CorrectedTest[p.Count];
        double largest = 0;
        bool isRejected = true;
        int left = p.Count;
        foreach (int test in Enumerable.Range(0, p.Count).OrderBy(i => p[i]))
        {
            isRejected &= p[test] <= alpha / left;
            largest = Math.Max(largest, Math.Min(1, p[test] * left));
            corrected[test] = new CorrectedTest(largest, isRejected);
            left--;
        }

        return corrected;
    }
}

/// <summary>A test among others.</summary>
/// <param name="P">The adjusted p-value: the smallest α at which it is rejected.</param>
/// <param name="IsRejected">Whether its null hypothesis is rejected.</param>
internal readonly record struct CorrectedTest(double P, bool IsRejected);
