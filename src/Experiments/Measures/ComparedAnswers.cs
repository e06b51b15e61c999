using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>The answers that a comparison reads, as far as they are there.</summary>
/// <param name="Experiments">Its experiments by name; those that have not been run are missing.</param>
internal sealed record ComparedAnswers(string Model, IReadOnlyDictionary<string, AnsweredExperiment> Experiments)
{
    /// <summary>The experiment and condition of a reference; null where it has not been run.</summary>
    public (AnsweredExperiment Experiment, ConditionSpec Condition)? Find(ConditionReference reference) =>
        Experiments.TryGetValue(reference.Experiment, out AnsweredExperiment? experiment)
            ? (experiment, experiment.Spec.Condition(reference.Condition))
            : null;
}
