using System.Globalization;
using Experiments.Findings;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Tables;

/// <summary>Tables of paired differences, and of the findings that are made from them.</summary>
internal static class DifferenceTables
{
    private const string Counts =
        "Pairs are of the same prompt and seed. The difference is the second's share less the first's, in points of a percent, with its "
        + "95 % interval by the bootstrap over prompts. p is that of McNemar's exact test of the pairs that differ (a yes in the first "
        + "alone, in the second alone), which takes seeds of a prompt to be independent; beside it corrected by Holm for ";

    /// <summary>The differences of a table, a row a difference and layer.</summary>
    public static TableSheet Of(AnsweredExperiment experiment, TableSpec.Differences table, TestedDifferences tests) =>
        new(
            table.Name,
            table.Title,
            Note(tests),
            ["Model", "Difference", "Layer", "First", "Second", "Second less first", "95 %", "Differ", "Prompts", "p", "p (Holm)"],
            [
                .. from row in table.Compared
                   from layer in TestedDifferences.LayersOf(experiment, row.Difference.At)
                   let test = tests.Find(row.Difference, layer)
                   select (IReadOnlyList<string>)
                   [
                       experiment.Model,
                       row.Label,
                       LayerOf(layer),
                       .. Numbers(test.Difference.Difference, test.Difference.Interval, test),
                       test.Difference.Count == 0 ? "–" : Whole(test.Difference.Prompts),
                       .. Tests(test),
                   ],
            ]);

    /// <summary>A finding, a row a hypothesis, and what is concluded of them.</summary>
    public static TableSheet Of(AnsweredExperiment experiment, SpecFinding finding, TestedDifferences tests)
    {
        string[] conclusion = finding.Spec.Conclusions.Count == 0 ? []
            : [finding.Concluded.Count == 0 ? "undecided" : string.Join("; ", finding.Concluded)];
        return new TableSheet(
            finding.Spec.Name,
            finding.Spec.Title,
            "Yes: the whole interval lies above the bound and, of a difference, the corrected p is at most 0.05; no: it lies at the bound "
                + $"or below; undecided: all else, and fewer than {Finding.FewestPrompts} prompts. " + Note(tests),
            [
                "Model", "Hypothesis", "Claim", "More than", "Verdict", "First", "Second", "Second less first", "95 %", "Differ", "Prompts",
                "p", "p (Holm)",
            ],
            [
                .. finding.Results.Select(result => (IReadOnlyList<string>)
                [
                    experiment.Model,
                    result.Hypothesis.Name,
                    result.Hypothesis.Claim,
                    string.Create(CultureInfo.InvariantCulture, $"{100 * result.Hypothesis.Bound:0.##} %"),
                    Word(result.Verdict),
                    .. result.Hypothesis.First is null ? Share(result) : Numbers(result.Estimate, result.Interval, result.Test!),
                    result.Rows == 0 ? "–" : Whole(result.Prompts),
                    .. Tests(result.Test),
                ]),
                .. conclusion.Select(words => (IReadOnlyList<string>)
                [
                    experiment.Model, "concluded", finding.Spec.Title, "–", words,
                    "–", "–", "–", "–", "–", "–", "–", "–",
                ]),
            ]);
    }

    private static string Note(TestedDifferences tests) => tests.Count == 1
        ? $"{Counts}the one test of this experiment."
        : string.Create(CultureInfo.InvariantCulture, $"{Counts}all {tests.Count} tests of this experiment.");

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "yes",
        Verdict.DoesNotHold => "no",
        _ => "undecided",
    };

    private static string[] Numbers(double? difference, Interval? interval, TestedDifference test) =>
    [
        Share(test.Difference.FirstYes, test.Difference.Count),
        Share(test.Difference.SecondYes, test.Difference.Count),
        Points(difference),
        interval is null ? "–" : $"{Points(interval.Low)} to {Points(interval.High)}",
        test.Difference.Count == 0 ? "–" : $"{Whole(test.Difference.Test.OnlyFirst)}, {Whole(test.Difference.Test.OnlySecond)}",
    ];

    private static string[] Share(HypothesisResult result) =>
    [
        "–",
        result.Estimate is null ? "–" : Share((int)Math.Round(result.Estimate.Value * result.Rows), result.Rows),
        "–",
        result.Interval is { } interval ? $"{ShareText.Of(interval.Low)} to {ShareText.Of(interval.High)}" : "–",
        "–",
    ];

    private static string[] Tests(TestedDifference? test) => test?.Corrected is { } corrected
        ? [P(test.Difference.Test.P), P(corrected.P)]
        : ["–", "–"];

    private static string LayerOf(int? layer) => layer is int one ? Whole(one) : "any earlier";

    // Rounded, as the difference beside them is: cut as in the paper's tables, the two would not add up.
    private static string Share(int part, int all) => all == 0 ? "–" : $"{ShareText.Of((double)part / all)} ({Whole(part)}/{Whole(all)})";

    // What rounds to nothing has no sign.
    private static string Points(double? share) =>
        share is null ? "–" : (100 * share.Value).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private static string P(double p) => p.ToString(p < 0.001 ? "0.0e+0" : "0.0000", CultureInfo.InvariantCulture);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
