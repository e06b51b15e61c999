namespace DiffusionLens.Configs;

/// <summary>Which numbers a key may have; none but finite ones.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
internal readonly record struct NumberRange(double Least, double Most)
{
    /// <summary>As large as a factor, a base or a time scale may be, and how small.</summary>
    private const double Largest = 1e9, Smallest = 1e-9;

    /// <summary>What is added to a variance, or a norm's, before a division.</summary>
    public static readonly NumberRange Epsilon = new(0, 1);

    /// <summary>What is multiplied or divided by.</summary>
    public static readonly NumberRange Factor = new(Smallest, Largest);

    /// <summary>What may be negative too.</summary>
    public static readonly NumberRange Signed = new(-Largest, Largest);

    /// <summary>A share, a probability, a variance.</summary>
    public static readonly NumberRange Share = new(0, 1);

    /// <summary>How many times wider than the states a feed-forward layer is.</summary>
    public static readonly NumberRange MlpRatio = new(0.01, 100);

    public bool Contains(double number) => number >= Least && number <= Most;

    public override string ToString()
        => Least == Smallest
            ? FormattableString.Invariant($"above 0, at most {Most}")
            : FormattableString.Invariant($"from {Least} to {Most}");
}
