using Experiments.Measures;

namespace Experiments.Findings;

/// <summary>What a model's answers say of a finding.</summary>
/// <param name="Estimate">The estimate, in the finding's unit; null where there is nothing to estimate it from.</param>
/// <param name="Interval">Its 95 % interval (<see cref="Bootstrap"/>); null where there is none.</param>
/// <param name="Rows">How many rows it is made from.</param>
/// <param name="Prompts">How many prompts these are of: those of the smallest of the groups that are compared.</param>
/// <param name="Verdict">What follows.</param>
internal sealed record FindingResult(Finding Finding, double? Estimate, Interval? Interval, int Rows, int Prompts, Verdict Verdict);

/// <summary>Whether a finding of the paper is found here too.</summary>
internal enum Verdict
{
    /// <summary>The whole interval lies above the finding's bound.</summary>
    Holds,

    /// <summary>The whole interval lies at the bound or below.</summary>
    DoesNotHold,

    /// <summary>The bound is inside the interval, or there are too few answers or none.</summary>
    Undecided,
}
