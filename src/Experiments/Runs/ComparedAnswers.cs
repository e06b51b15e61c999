using DiffusionLens;
using Experiments.Catalog;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Runs;

/// <summary>The answers that a comparison reads, as far as they are there.</summary>
/// <param name="Model">The model.</param>
/// <param name="Experiments">Its experiments by name; those that have not been run are missing.</param>
internal sealed record ComparedAnswers(string Model, IReadOnlyDictionary<string, AnsweredExperiment> Experiments)
{
    /// <summary>Reads them.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="results">The folder of results.</param>
    /// <param name="model">The model's name.</param>
    /// <exception cref="BadInputException">A reference is to no condition or question, or answers cannot be read.</exception>
    public static ComparedAnswers Read(Comparison comparison, string results, string model)
    {
        Dictionary<string, Spec> specs = comparison.References.Select(reference => reference.Experiment).Distinct()
            .ToDictionary(name => name, name => SpecReader.Read(AssetCatalog.Experiments.Find(name).Path));
        foreach (ConditionReference reference in comparison.References)
        {
            string[] conditions = [.. specs[reference.Experiment].Conditions.Select(condition => condition.Name)];
            if (!conditions.Contains(reference.Condition))
            {
                throw reference.Location.Unknown(reference.Condition, $"condition of {reference.Experiment}", conditions);
            }
        }

        return new ComparedAnswers(model, specs
            .Select(spec => (spec.Key, Experiment: AnsweredResults.Read(spec.Value, results, model)))
            .Where(entry => entry.Experiment is not null)
            .ToDictionary(entry => entry.Key, entry => entry.Experiment!));
    }

    /// <summary>The experiment and condition of a reference; null where it has not been run.</summary>
    /// <param name="reference">The reference.</param>
    public (AnsweredExperiment Experiment, ConditionSpec Condition)? Find(ConditionReference reference) =>
        Experiments.TryGetValue(reference.Experiment, out AnsweredExperiment? experiment)
            ? (experiment, experiment.Spec.Condition(reference.Condition))
            : null;
}
