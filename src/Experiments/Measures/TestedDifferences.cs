using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// All paired differences that a spec asks for, in tables and findings, each tested once: the p-values of all of them together are
/// corrected by Holm's procedure, so that among many tests one does not stand out by chance.
/// </summary>
internal sealed class TestedDifferences
{
    /// <summary>The probability with which any true null hypothesis of the spec may be rejected.</summary>
    public const double Alpha = 0.05;

    private readonly Dictionary<string, TestedDifference> _tests;

    private TestedDifferences(Dictionary<string, TestedDifference> tests) => _tests = tests;

    /// <summary>How many tests are corrected for.</summary>
    public int Count => _tests.Values.Count(test => test.Corrected is not null);

    /// <summary>Makes all comparisons of an experiment.</summary>
    public static TestedDifferences Of(AnsweredExperiment experiment)
    {
        (DifferenceSpec Spec, int? Layer)[] asked =
        [
            .. experiment.Spec.Tables.OfType<TableSpec.Differences>().SelectMany(table => table.Compared.Select(row => row.Difference))
                .Concat(experiment.Spec.Findings.SelectMany(finding => finding.Hypotheses).Select(test => test.Difference)
                    .OfType<DifferenceSpec>())
                .SelectMany(difference => LayersOf(experiment, difference.At).Select(layer => (difference, layer)))
                .DistinctBy(test => KeyOf(test.difference, test.layer)),
        ];
        (string Key, PairedDifference Difference)[] made =
        [
            .. asked.Select(test => (KeyOf(test.Spec, test.Layer), PairedDifference.Of(experiment, test.Spec, test.Layer))),
        ];
        (string Key, PairedDifference Difference)[] tests = [.. made.Where(test => test.Difference.Count > 0)];
        Dictionary<string, CorrectedTest> corrected = tests.Zip(Holm.Correct([.. tests.Select(test => test.Difference.Test.P)], Alpha))
            .ToDictionary(test => test.First.Key, test => test.Second);
        return new TestedDifferences(made.ToDictionary(
            test => test.Key,
            test => new TestedDifference(test.Difference, corrected.TryGetValue(test.Key, out CorrectedTest p) ? p : null)));
    }

    /// <summary>The layers at which a comparison is made; null stands for any before the last.</summary>
    public static IReadOnlyList<int?> LayersOf(AnsweredExperiment experiment, ComparedLayer at) => at switch
    {
        ComparedLayer.Last => [experiment.LastLayer],
        ComparedLayer.AnyEarlier => [null],
        _ => [.. experiment.Layers],
    };

    /// <summary>One of the comparisons.</summary>
    public TestedDifference Find(DifferenceSpec difference, int? layer) => _tests[KeyOf(difference, layer)];

    private static string KeyOf(DifferenceSpec difference, int? layer) => $"{layer}\n{difference.First.Key}\n\n{difference.Second.Key}";
}

/// <summary>A paired difference among all of a spec.</summary>
/// <param name="Corrected">Its test among the others; null where there is no pair.</param>
internal sealed record TestedDifference(PairedDifference Difference, CorrectedTest? Corrected);
