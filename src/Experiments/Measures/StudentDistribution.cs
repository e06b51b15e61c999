namespace Experiments.Measures;

/// <summary>Student's t distribution.</summary>
internal static class StudentDistribution
{
    private const int MostTerms = 10_000;

    /// <summary>
    /// The two-sided p-value of a correlation r, of which t = r √(ν / (1 - r²)) has Student's distribution: the regularized incomplete
    /// beta function I(1 - r²; ν/2, 1/2) (Abramowitz and Stegun 26.7.1). Exactly 0 where |r| is exactly 1.
    /// </summary>
    /// <param name="correlation">r, -1 to 1.</param>
    /// <param name="degreesOfFreedom">ν, at least 1.</param>
    public static double TailOfCorrelation(double correlation, int degreesOfFreedom)
    {
        double x = (1 - correlation) * (1 + correlation), a = degreesOfFreedom / 2.0;
        const double B = 0.5;

        // The fraction converges fast below the mean of the beta distribution; beyond it the other tail is computed.
        return x <= 0 ? 0
            : x >= 1 ? 1
            : x < (a + 1) / (a + B + 2) ? Tail(x, a, B, degreesOfFreedom)
            : 1 - Tail(correlation * correlation, B, a, degreesOfFreedom);
    }

    // I(x; a, b) by the continued fraction of Abramowitz and Stegun 26.5.8, evaluated from its front (Lentz's method).
    private static double Tail(double x, double a, double b, int degreesOfFreedom)
    {
        double numerator = 1, denominator = 1 / (1 - ((a + b) * x / (a + 1))), fraction = denominator;
        for (int m = 1; m < MostTerms; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            double before = fraction;
            foreach (double term in (double[])[even, odd])
            {
                numerator = 1 + (term / numerator);
                denominator = 1 / (1 + (term * denominator));
                fraction *= numerator * denominator;
            }

            if (Math.Abs(fraction - before) <= 1e-16 * fraction)
            {
                break;
            }
        }

        return Math.Pow(x, a) * Math.Pow(1 - x, b) / (a * BetaWithHalf(degreesOfFreedom)) * fraction;
    }

    // B(ν/2, 1/2), from B(1/2, 1/2) = π or B(1, 1/2) = 2 by B(a + 1, b) = B(a, b) a / (a + b).
    private static double BetaWithHalf(int degreesOfFreedom)
    {
        double a = degreesOfFreedom % 2 == 1 ? 0.5 : 1, beta = degreesOfFreedom % 2 == 1 ? Math.PI : 2;
        for (; a < degreesOfFreedom / 2.0; a++)
        {
            beta *= a / (a + 0.5);
        }

        return beta;
    }
}
