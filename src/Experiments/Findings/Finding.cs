using DiffusionLens.Families;
using Experiments.Measures;

namespace Experiments.Findings;

/// <summary>
/// One of the paper's findings as a hypothesis that answers can decide: an estimate that lies above a bound where the finding holds.
/// </summary>
/// <param name="Name">A few words, such as <c>Relations come late</c>.</param>
/// <param name="Claim">What the paper says, in a sentence, and what is estimated of it.</param>
/// <param name="Section">Where the paper says it.</param>
/// <param name="Unit">What the estimate counts.</param>
/// <param name="Bound">The finding holds above this, and does not below.</param>
/// <param name="Experiments">The names of the experiments whose answers it needs.</param>
/// <param name="Encoder">The text encoders it is about; null for all.</param>
/// <param name="Groups">The weighted means whose sum is the estimate, from the answers of those experiments, by name.</param>
internal sealed record Finding(
    string Name,
    string Claim,
    string Section,
    FindingUnit Unit,
    double Bound,
    IReadOnlyList<string> Experiments,
    EncoderKind? Encoder,
    Func<IReadOnlyDictionary<string, AnsweredExperiment>, IReadOnlyList<WeightedGroup>> Groups)
{
    /// <summary>With fewer prompts a bootstrap interval is not to be believed: one prompt always gives an interval of no width.</summary>
    public const int FewestPrompts = 5;

    /// <summary>Looks for the finding in a model's answers.</summary>
    /// <param name="answered">The model's experiments by name.</param>
    /// <returns>Estimate, interval and verdict; undecided with fewer than <see cref="FewestPrompts"/> prompts, and without estimate and
    /// interval where an experiment or every row is missing.</returns>
    public FindingResult Test(IReadOnlyDictionary<string, AnsweredExperiment> answered)
    {
        if (!Experiments.All(answered.ContainsKey))
        {
            return new FindingResult(this, null, null, 0, 0, Verdict.Undecided);
        }

        IReadOnlyList<WeightedGroup> groups = Groups(answered);
        int rows = groups.Sum(group => group.Prompts.Sum(prompt => prompt.Count));
        int prompts = groups.Min(group => group.Prompts.Count);
        return Bootstrap.Of(groups) is Interval interval
            ? new FindingResult(
                this,
                groups.Sum(group => group.Weight * group.Mean!.Value),
                interval,
                rows,
                prompts,
                Decide(interval, prompts))
            : new FindingResult(this, null, null, rows, prompts, Verdict.Undecided);
    }

    private Verdict Decide(Interval interval, int prompts) =>
        prompts < FewestPrompts ? Verdict.Undecided
        : interval.Low > Bound ? Verdict.Holds
        : interval.High <= Bound ? Verdict.DoesNotHold
        : Verdict.Undecided;
}

/// <summary>What an estimate counts.</summary>
internal enum FindingUnit
{
    /// <summary>A number of layers as a share of the encoder's depth, so that encoders of different depth compare.</summary>
    Depth,

    /// <summary>A share of rows, or a difference of shares.</summary>
    Rows,
}
