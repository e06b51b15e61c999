namespace Experiments.Measures;

/// <summary>The complementary error function.</summary>
internal static class ErrorFunction
{
    /// <summary>erfc, by its series near 0 and by its continued fraction (Abramowitz and Stegun 7.1.5 and 7.1.14) beyond.</summary>
    /// <returns>2 for -∞, 1 for 0, 0 for ∞.</returns>
    public static double Complementary(double x)
    {
        if (x < 0)
        {
            return 2 - Complementary(-x);
        }

        if (x < 2.5)
        {
            double term = x, sum = x;
            for (int i = 1; Math.Abs(term) > 1e-17 * sum; i++)
            {
                term *= -x * x / i;
                sum += term / ((2 * i) + 1);
            }

            return 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }

        double fraction = x;
        for (int i = 80; i > 0; i--)
        {
            fraction = x + (i / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
