using DiffusionLens.Families;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Findings;

/// <summary>
/// The paper's findings, in its order. Layers of emergence are of rows that are right in the last layer, so that everything asked for does
/// emerge. As in the paper's figures, answers are those of the main annotator, and for two colored objects (Figs 5 and 23) also those of
/// another where the main one was not asked.
/// </summary>
internal static class PaperFindings
{
    /// <summary>Those that are about a kind of text encoder.</summary>
    /// <param name="encoder">The kind.</param>
    public static IReadOnlyList<Finding> For(EncoderKind encoder) =>
        [.. All.Where(finding => finding.Encoder is null || finding.Encoder == encoder)];

    public static IReadOnlyList<Finding> All { get; } =
    [
        Later(
            "A color takes layers",
            "A colored object is right later than an object alone.",
            "4.1, Fig. 3", "colors", "object", "color"),
        Later(
            "Complex prompts take more layers",
            "Two colored objects are right later than one.",
            "4.1, Fig. 3", "colors", "color", "two colors"),
        Apart(
            "Colors before objects",
            "Of two colored objects both colors are there before both objects.",
            "4.1, Fig. 5",
            "colors",
            ["two colors"],
            ["has color", "has color'"],
            ["has object", "has object'"],
            EncoderKind.T5,
            allAnnotators: true),
        Apart(
            "Objects before colors",
            "Of two colored objects both objects are there before both colors.",
            "4.1, Fig. 23",
            "colors",
            ["two colors"],
            ["has object", "has object'"],
            ["has color", "has color'"],
            EncoderKind.Clip,
            allAnnotators: true),
        Apart(
            "Binding is late",
            "Both objects are in their own colors only after all objects and colors are there.",
            "4.1, Fig. 5",
            "colors",
            ["two colors"],
            ["has object", "has object'", "has color", "has color'"],
            ["object in color", "object' in color'"],
            allAnnotators: true),
        Apart(
            "Relations are late",
            "Two objects are in their relation only after both are there.",
            "4.1, Fig. 16", "relations", ["in", "on"], ["has object", "has object'"], ["has object", "has object'", "relation"]),
        new(
            "T5 follows syntax",
            "The noun that the other one depends on appears earlier, wherever it stands: rows in which it does, "
                + "less rows in which the other does.",
            "4.2, Table 1", FindingUnit.Rows, 0, ["syntax"], EncoderKind.T5,
            answered => [Order(answered["syntax"], "antecedent first", 0.5), Order(answered["syntax"], "antecedent second", -0.5)]),
        new(
            "CLIP follows word order",
            "The first noun appears earlier, whatever its role: rows in which it does, less rows in which the second does.",
            "4.2, Table 1", FindingUnit.Rows, 0, ["syntax"], EncoderKind.Clip,
            answered => [Order(answered["syntax"], "antecedent first", 0.5), Order(answered["syntax"], "antecedent second", 0.5)]),
        Later(
            "Familiar before unfamiliar",
            "Animals that the model has seldom met are right later than those it knows well.",
            "5.1, Fig. 8", "animals", "familiar", "unfamiliar"),
        Apart(
            "Coarse to fine",
            "An unfamiliar animal is an animal before it is this animal.",
            "5.2, Fig. 9", "animals", ["unfamiliar"], ["animal"], ["exact animal"]),
        Apart(
            "A person before this person",
            "A person is a person before they have their own face.",
            "5.3, Fig. 12", "celebrities", ["person"], ["person"], ["identity"]),
        Apart(
            "Style before identity",
            "A person has their style before their own face.",
            "5.3, Fig. 12", "celebrities", ["person"], ["style"], ["identity"]),
        new(
            "Early success, then failure",
            "Most failures of a colored object or of a relation had a right image in an earlier layer: their share among the failures.",
            "6, Fig. 14", FindingUnit.Rows, 0.5, ["colors", "relations"], null,
            answered => [EarlySuccesses(1, [(answered["colors"], "color"), (answered["relations"], "in"), (answered["relations"], "on")])]),
        new(
            "Knowledge fails throughout",
            "Failures of a colored object or of a relation had a right image in an earlier layer more often "
                + "than those of unfamiliar animals and people: difference of their shares.",
            "6, Fig. 14", FindingUnit.Rows, 0, ["colors", "relations", "animals", "celebrities"], null,
            answered =>
            [
                EarlySuccesses(1, [(answered["colors"], "color"), (answered["relations"], "in"), (answered["relations"], "on")]),
                EarlySuccesses(-1, [(answered["animals"], "unfamiliar"), (answered["celebrities"], "person")]),
            ]),
        new(
            "The final norm is needed",
            "Without ln_f there is no right image: right rows at the last layer with it, less those without.",
            "A.3, Fig. 19", FindingUnit.Rows, 0, ["layernorm"], null,
            answered => [RightInTheEnd(answered["layernorm"], "with ln_f", 1), RightInTheEnd(answered["layernorm"], "without ln_f", -1)]),
    ];

    // An image is right later in one condition than in another: the prompts are others, so two means.
    private static Finding Later(string name, string claim, string section, string experiment, string earlier, string later) => new(
        name, claim, section, FindingUnit.Depth, 0, [experiment], null,
        answered => [FirstRight(answered[experiment], earlier, -1), FirstRight(answered[experiment], later, 1)]);

    // Something is there later than something else in the same row: the mean of differences.
    private static Finding Apart(
        string name, string claim, string section, string experiment, string[] conditions, string[] earlier, string[] later,
        EncoderKind? encoder = null, bool allAnnotators = false) => new(
        name, claim, section, FindingUnit.Depth, 0, [experiment], encoder,
        answered =>
        {
            AnsweredExperiment e = answered[experiment];
            return [WeightedGroup.Of(1, conditions.SelectMany(condition => Right(e, condition, allAnnotators)), row =>
                Emerges(e, row, new AnswerRule(All: true, later)) - Emerges(e, row, new AnswerRule(All: true, earlier)))];
        });

    private static WeightedGroup FirstRight(AnsweredExperiment e, string condition, double weight) => WeightedGroup.Of(
        weight, Right(e, condition), row => Emerges(e, row, e.Spec.Condition(row.Condition).Right));

    // As a share of the depth; null where it never does.
    private static double? Emerges(AnsweredExperiment e, AnsweredRow row, AnswerRule rule) =>
        Emergence.FirstLayer(row, e.Spec.Condition(row.Condition), rule, e.Layers) / (double)e.LastLayer;

    private static WeightedGroup Order(AnsweredExperiment e, string condition, double weight) =>
        WeightedGroup.Of(
            weight,
            Right(e, condition),
            row =>
                !row.Has("has first noun") || !row.Has("has second noun")
                    ? null
                    : OrderOfAppearance.EarlierOf(row, "has first noun", "has second noun", e.Layers) switch
                    {
                        Earlier.First => 1,
                        Earlier.Second => -1,
                        _ => 0,
                    });

    private static WeightedGroup RightInTheEnd(AnsweredExperiment e, string condition, double weight) =>
        WeightedGroup.Of(
            weight,
            Rows(e, RowChoice.All, condition),
            row => row.IsRight(e.Spec.Condition(row.Condition), e.LastLayer) is bool right ? (right ? 1 : 0) : null);

    // The share of early successes among the failures of several conditions together.
    private static WeightedGroup EarlySuccesses(double weight, params (AnsweredExperiment Experiment, string Condition)[] of) => new(
        weight,
        [
            .. of.SelectMany(part => WeightedGroup.Of(
                1, Rows(part.Experiment, RowChoice.All, part.Condition), row => EarlySuccess(part.Experiment, row)).Prompts),
        ]);

    // Null for what is no failure.
    private static double? EarlySuccess(AnsweredExperiment e, AnsweredRow row)
    {
        ConditionSpec condition = e.Spec.Condition(row.Condition);
        return row.IsRight(condition, e.LastLayer) != false ? null
            : e.Layers.Any(layer => row.IsRight(condition, layer) == true) ? 1 : 0;
    }

    private static IEnumerable<AnsweredRow> Right(AnsweredExperiment e, string condition, bool allAnnotators = false) =>
        Rows(e, RowChoice.RightInTheLastLayer, condition, allAnnotators);

    // A spec of the same name that lacks the condition has no rows of it.
    private static IEnumerable<AnsweredRow> Rows(AnsweredExperiment e, RowChoice choice, string condition, bool allAnnotators = false) =>
        e
            .Spec.Conditions.Where(c => c.Name == condition)
            .SelectMany(c => e.Choose(choice, c, allAnnotators ? new AnnotatorChoice.All() : null));
}
