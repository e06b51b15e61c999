namespace Experiments.Specs;

/// <summary>A question to the answers of an experiment, with what would settle it.</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Title">The question, in a line.</param>
/// <param name="Hypotheses">What is tested, in the file's order.</param>
/// <param name="Conclusions">What follows of the verdicts; every one whose verdicts are all so is drawn.</param>
internal sealed record FindingSpec(
    string Name, string Title, IReadOnlyList<HypothesisSpec> Hypotheses, IReadOnlyList<ConclusionSpec> Conclusions);

/// <summary>A hypothesis: a difference, or a share, is more than a bound.</summary>
/// <param name="Name">A word or two.</param>
/// <param name="Claim">What it says, in a sentence.</param>
/// <param name="Second">What should be more often so.</param>
/// <param name="First">What it is compared with; null: the share of <paramref name="Second"/> itself is tested.</param>
/// <param name="At">Where both are looked at; never <see cref="ComparedLayer.Every"/>.</param>
/// <param name="Bound">0 to 1; the hypothesis holds above this, and does not at it or below.</param>
internal sealed record HypothesisSpec(
    string Name, string Claim, MeasuredCondition Second, MeasuredCondition? First, ComparedLayer At, double Bound)
{
    /// <summary>The difference; null where it is about a share.</summary>
    public DifferenceSpec? Difference => First is null ? null : new DifferenceSpec(First, Second, At);
}

/// <summary>What is concluded where hypotheses have certain verdicts.</summary>
/// <param name="Words">What follows: <c>used in encoding</c>.</param>
/// <param name="If">Names of hypotheses, each with the verdict it must have: true for yes, false for no.</param>
internal sealed record ConclusionSpec(string Words, IReadOnlyList<(string Hypothesis, bool Holds)> If);
