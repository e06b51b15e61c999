using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Findings;

/// <summary>What the answers say of a finding that a spec asks for.</summary>
/// <param name="Results">A result a hypothesis, in the spec's order.</param>
/// <param name="Concluded">What follows of them; none where nothing does.</param>
internal sealed record SpecFinding(FindingSpec Spec, IReadOnlyList<HypothesisResult> Results, IReadOnlyList<string> Concluded)
{
    /// <summary>Tests all findings of an experiment.</summary>
    /// <param name="tests">Its paired differences.</param>
    public static IReadOnlyList<SpecFinding> All(AnsweredExperiment experiment, TestedDifferences tests) =>
        [.. experiment.Spec.Findings.Select(finding => Of(experiment, finding, tests))];

    private static SpecFinding Of(AnsweredExperiment experiment, FindingSpec finding, TestedDifferences tests)
    {
        HypothesisResult[] results = [.. finding.Hypotheses.Select(hypothesis => HypothesisResult.Of(experiment, hypothesis, tests))];
        Dictionary<string, Verdict> verdicts = results.ToDictionary(result => result.Hypothesis.Name, result => result.Verdict);
        return new SpecFinding(
            finding,
            results,
            [
                .. finding.Conclusions
                    .Where(conclusion => conclusion.If.All(hypothesis =>
                        verdicts[hypothesis.Hypothesis] == (hypothesis.Holds ? Verdict.Holds : Verdict.DoesNotHold)))
                    .Select(conclusion => conclusion.Words),
            ]);
    }
}
