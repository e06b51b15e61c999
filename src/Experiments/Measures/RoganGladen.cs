namespace Experiments.Measures;

/// <summary>
/// What share of images really shows something, by an annotator whose errors are known (Rogan and Gladen: Estimating Prevalence from the
/// Results of a Screening Test, 1978): the share of its yes, corrected by how often it finds what is there and how often it sees that
/// nothing is.
/// </summary>
/// <param name="Prevalence">(p + specificity - 1) / (sensitivity + specificity - 1); it may lie outside 0 to 1.</param>
/// <param name="StandardError">By the delta method, with the errors of all three shares.</param>
/// <param name="Interval">Prevalence ∓ z standard errors, clipped to 0 to 1.</param>
internal sealed record RoganGladen(double Prevalence, double StandardError, Interval Interval)
{
    /// <summary>The prevalence, clipped to 0 to 1.</summary>
    public double Clipped => Math.Clamp(Prevalence, 0, 1);

    /// <summary>Corrects a share of yes.</summary>
    /// <param name="saidYes">The annotator's yes, of those that nobody checked.</param>
    /// <param name="sensitivity">Of images that show it, those that the annotator says yes to.</param>
    /// <param name="specificity">Of images that do not show it, those that the annotator says no to.</param>
    /// <param name="alpha">What the interval leaves out.</param>
    /// <returns>The estimate; null where any of the three counts nothing, or the annotator is no better than a coin: its yes then says
    /// nothing.</returns>
    public static RoganGladen? Of(CountedShare saidYes, CountedShare sensitivity, CountedShare specificity, double alpha = 0.05)
    {
        return saidYes.All == 0 ? null : Of(saidYes.Value, saidYes.Variance, sensitivity, specificity, alpha);
    }

    /// <summary>The same of a share whose variance is known otherwise, as of draws that are not independent.</summary>
    /// <param name="saidYes">The share of yes, 0 to 1.</param>
    /// <param name="variance">Its variance.</param>
    /// <param name="sensitivity">As above.</param>
    /// <param name="specificity">As above.</param>
    /// <param name="alpha">What the interval leaves out.</param>
    /// <returns>As above.</returns>
    public static RoganGladen? Of(
        double saidYes, double variance, CountedShare sensitivity, CountedShare specificity, double alpha = 0.05)
    {
        if (sensitivity.All == 0 || specificity.All == 0)
        {
            return null;
        }

        double p = saidYes, se = sensitivity.Value, sp = specificity.Value, youden = se + sp - 1;

        // By counts: as doubles, shares that make no more than a coin may come out above.
        if (((long)sensitivity.Part * specificity.All) + ((long)specificity.Part * sensitivity.All)
            <= (long)sensitivity.All * specificity.All)
        {
            return null;
        }

        double prevalence = (p + sp - 1) / youden;
        double error = Math.Sqrt(
            variance
            + (prevalence * prevalence * sensitivity.Variance)
            + ((1 - prevalence) * (1 - prevalence) * specificity.Variance)) / youden;
        double reach = NormalDistribution.TwoSidedQuantile(alpha) * error;
        return new RoganGladen(
            prevalence, error, new Interval(Math.Clamp(prevalence - reach, 0, 1), Math.Clamp(prevalence + reach, 0, 1)));
    }
}

/// <summary>A share with the counts behind it.</summary>
internal readonly record struct CountedShare(int Part, int All)
{
    /// <summary>0 to 1; not a number where there are none.</summary>
    public double Value => (double)Part / All;

    /// <summary>The variance of the share, as of independent draws.</summary>
    public double Variance => Value * (1 - Value) / All;

    /// <summary>95 %, by <see cref="Wilson"/>; null where there are none.</summary>
    public Interval? Interval => Wilson.Of(Part, All);
}
