namespace Experiments.Specs;

/// <summary>How much more often something is so in one condition than in another, of the same prompts and seeds.</summary>
/// <param name="First">What is subtracted.</param>
/// <param name="Second">What it is subtracted from; its condition has the same prompts as the first's.</param>
/// <param name="At">Where both are looked at.</param>
internal sealed record DifferenceSpec(MeasuredCondition First, MeasuredCondition Second, ComparedLayer At);

/// <summary>Which image of a row a comparison is about.</summary>
internal enum ComparedLayer
{
    /// <summary><c>last layer</c>.</summary>
    Last,

    /// <summary><c>any earlier layer</c>: a row counts where it is so in at least one layer before the last.</summary>
    AnyEarlier,

    /// <summary><c>every layer</c>: each by itself, a test a layer.</summary>
    Every,
}
