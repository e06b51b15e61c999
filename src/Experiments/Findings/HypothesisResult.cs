using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Findings;

/// <summary>What the answers say of a hypothesis.</summary>
/// <param name="Estimate">The difference, or the share, -1 to 1; null where there are no answers.</param>
/// <param name="Interval">Its 95 % interval over prompts; null where there are no answers.</param>
/// <param name="Rows">How many rows, or pairs of rows, it is made from.</param>
/// <param name="Prompts">How many prompts they are of.</param>
/// <param name="Test">The paired difference behind it; null where the hypothesis is about a share.</param>
internal sealed record HypothesisResult(
    HypothesisSpec Hypothesis, double? Estimate, Interval? Interval, int Rows, int Prompts, TestedDifference? Test)
{
    /// <summary>
    /// Holds where the whole interval lies above the bound and, of a difference, Holm's procedure rejects that there is none; does not hold
    /// where the whole interval lies at the bound or below. Everything else is undecided, as are fewer prompts than
    /// <see cref="Finding.FewestPrompts"/>.
    /// </summary>
    public Verdict Verdict =>
        Interval is null || Prompts < Finding.FewestPrompts ? Verdict.Undecided
        : Interval.High <= Hypothesis.Bound ? Verdict.DoesNotHold
        : Interval.Low > Hypothesis.Bound && Test?.Corrected?.IsRejected != false ? Verdict.Holds
        : Verdict.Undecided;

    /// <summary>Tests a hypothesis.</summary>
    /// <param name="tests">The experiment's paired differences.</param>
    public static HypothesisResult Of(AnsweredExperiment experiment, HypothesisSpec hypothesis, TestedDifferences tests)
    {
        int? layer = TestedDifferences.LayersOf(experiment, hypothesis.At)[0];
        if (hypothesis.Difference is { } difference)
        {
            TestedDifference test = tests.Find(difference, layer);
            PairedDifference pairs = test.Difference;
            return new HypothesisResult(hypothesis, pairs.Difference, pairs.Interval, pairs.Count, pairs.Prompts, test);
        }

        MeasuredCondition share = hypothesis.Second;
        WeightedGroup group = WeightedGroup.Of(
            1,
            experiment.Choose(RowChoice.All, experiment.Spec.Condition(share.Condition), token: share.Token),
            row => MeasuredRow.Holds(experiment, row, share, layer) is bool holds ? (holds ? 1 : 0) : null);
        return new HypothesisResult(
            hypothesis, group.Mean, Bootstrap.Of([group]), group.Prompts.Sum(prompt => prompt.Count), group.Prompts.Count, Test: null);
    }
}
