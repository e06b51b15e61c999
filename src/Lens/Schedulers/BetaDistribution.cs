namespace DiffusionLens.Schedulers;

/// <summary>The beta distribution with both shapes 0.6, which beta sigmas are quantiles of (arXiv 2407.12173).</summary>
internal static class BetaDistribution
{
    private const double Shape = 0.6;

    /// <summary>Halves of [0, 1] mirror each other, so everything is computed for the lower one.</summary>
    private static readonly double HalfMass = Mass(0.5);

    /// <summary>Where the distribution function is <paramref name="probability"/>, both 0..1; to float64's rounding.</summary>
    public static double Quantile(double probability)
    {
        if (probability > 0.5)
        {
            return 1 - Quantile(1 - probability);
        }

        // Newton's method from below: the function is concave here, so that it never steps beyond the quantile.
        double goal = 2 * probability * HalfMass, x = Math.Pow(Shape * goal, 1 / Shape) / 2, step;
        if (probability == 0)
        {
            return 0;
        }

        do
        {
            step = (goal - Mass(x)) / (Math.Pow(x, Shape - 1) * Math.Pow(1 - x, Shape - 1));
            x += step;
        }
        while (Math.Abs(step) > 4e-16 * x && step > 0);
        return x;
    }

    /// <summary>∫ u^(a-1) (1-u)^(a-1) du from 0 to <paramref name="x"/> ≤ 1/2: the second factor as a binomial series.</summary>
    private static double Mass(double x)
    {
        double sum = 0, coefficient = 1;
        for (int n = 0; ; n++)
        {
            double term = coefficient / (Shape + n);
            sum += term;
            if (term < 1e-17 * sum)
            {
                return Math.Pow(x, Shape) * sum;
            }

            coefficient *= (n + 1 - Shape) / (n + 1) * x;
        }
    }
}
