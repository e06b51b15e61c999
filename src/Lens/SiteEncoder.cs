namespace DiffusionLens;

/// <summary>Which of a model's text encoders a site looks into.</summary>
/// <param name="Number">The n-th, from 1; null: every one that is read as a sequence.</param>
public readonly record struct SiteEncoder(int? Number)
{
    /// <summary>Every encoder that is read as a sequence, each at its share of the depth.</summary>
    public static SiteEncoder All => default;

    /// <summary>One encoder alone.</summary>
    /// <param name="number">From 1, in the order of <see cref="Families.ModelDescription.Encoders"/>.</param>
    public static SiteEncoder Nth(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return new SiteEncoder(number);
    }
}
