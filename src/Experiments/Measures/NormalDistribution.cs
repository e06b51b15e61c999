namespace Experiments.Measures;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>The probability of a value further from 0 than z, on either side.</summary>
    public static double TwoSidedTail(double z) => ErrorFunction.Complementary(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The z with which <see cref="TwoSidedTail"/> is α: 1.959963984540054 for 0.05.</summary>
    /// <param name="alpha">Above 0, below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static double TwoSidedQuantile(double alpha)
    {
        if (!(alpha > 0 && alpha < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "It is above 0 and below 1.");
        }

        // The tail falls all the way, so halving finds z to the last bit; no double's tail is left beyond 40.
        double low = 0, high = 40;
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return middle;
            }

            (low, high) = TwoSidedTail(middle) > alpha ? (middle, high) : (low, middle);
        }
    }
}
