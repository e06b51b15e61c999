using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// From answers to curves. A row is one prompt with one seed. The paper's main curves (its section 3) are about the rows whose image
/// from the last layer is right, so that they show how right images come about; a curve is at 100 % there by definition when its
/// rule is the one that makes an image right.
/// </summary>
internal static class Measuring
{
    /// <summary>Measures every curve of an experiment's figures, and the share of right images of every condition. A row of which a
    /// layer lacks the answers that decide it does not count at that layer.</summary>
    /// <param name="calibration">What is known of annotators' errors, for which shares are corrected; null: they are not.</param>
    /// <exception cref="BadInputException">
    /// The calibration is of other annotators; a figure is about rows that are right in the last layer, and that layer is not there, or it
    /// names an annotator who gave no answer.</exception>
    public static MeasureTable Compute(AnsweredExperiment experiment, CalibrationTable? calibration = null)
    {
        ErrorCorrection? correction = calibration is null ? null : new ErrorCorrection(experiment, calibration);
        return new MeasureTable([.. Points(experiment, correction)]);
    }

    private static IEnumerable<MeasurePoint> Points(AnsweredExperiment experiment, ErrorCorrection? correction) =>
    [
        .. from condition in experiment.Spec.Conditions
           let curve = new CurveSpec(MeasureTable.RightCurve, [new MeasuredCondition(condition.Name, condition.Right)])
           let figure = new FigureSpec("", "", RowChoice.All, [curve])
           from point in Measure(experiment, figure, curve)
           select point with { Corrected = correction?.Of(figure, curve, point) },
        .. from figure in experiment.Spec.Figures
           let answersBy = AnsweredBy.Say(experiment, figure)
           let asAWhole = AnsweredBy.JudgedAsAWhole(experiment, figure)
           from curve in figure.Curves
           from point in Measure(experiment, figure, curve)
           select point with
           {
               AnswersBy = answersBy,
               AsAWhole = asAWhole.Contains(curve),
               Corrected = correction?.Of(figure, curve, point),
           },
    ];

    private static IEnumerable<MeasurePoint> Measure(AnsweredExperiment experiment, FigureSpec figure, CurveSpec curve)
    {
        IReadOnlyList<EnteringRow> entering = Entering(experiment, figure, curve);
        foreach (int layer in experiment.Layers)
        {
            yield return new MeasurePoint
            {
                Figure = figure.Name,
                Curve = curve.Label,
                Condition = string.Join(" + ", curve.Over.Select(part => part.Condition)),
                Rows = figure.Rows,
                Site = string.Join(
                    " + ",
                    curve.Over.Select(part => experiment.Spec.Condition(part.Condition).KeyAt(layer)).Distinct()),
                Layer = layer,
                Share = Proportion.Of([.. curve.Representative is { } tokens ? Prompts(entering, tokens, layer) : Rows(entering, layer)]),
                Seeds = experiment.Seeds.Count,
            };
        }
    }

    /// <summary>The rows that a curve is measured on.</summary>
    /// <exception cref="BadInputException">
    /// They are those right in the last layer, and that layer is not there; or the figure names an annotator who gave no
    /// answer.</exception>
    public static IReadOnlyList<EnteringRow> Entering(AnsweredExperiment experiment, FigureSpec figure, CurveSpec curve) =>
    [
        .. from part in curve.Over
           let condition = experiment.Spec.Condition(part.Condition)
           from row in experiment.Choose(figure.Rows, condition, figure.Annotators, part.Token)
           select new EnteringRow(row, condition, part),
    ];

    private static IEnumerable<(string Prompt, ulong Seed, bool Yes)> Rows(IReadOnlyList<EnteringRow> entering, int layer) =>
        from row in entering
        let holds = row.Holds(layer)
        where holds is not null
        select (row.Prompt, row.Row.Seed, holds == true);

    // Seeds have agreed on a prompt's tokens, so that each prompt counts once.
    private static IEnumerable<(string Prompt, ulong Seed, bool Yes)> Prompts(
        IReadOnlyList<EnteringRow> entering, TokenCount tokens, int layer) =>
        from prompt in entering.GroupBy(row => row.Prompt)
        let shows = prompt.ToDictionary(row => row.Row, row => row.Holds(layer))
        let count = RepresentativeTokens.CountOf(shows.Keys, row => shows[row])
        where count is not null
        select (prompt.Key, 0UL, tokens.Has(count.Value));
}

/// <summary>A row that a curve is measured on.</summary>
/// <param name="Row">The row.</param>
/// <param name="Condition">Its condition.</param>
/// <param name="Measured">What is measured of it.</param>
internal sealed record EnteringRow(AnsweredRow Row, ConditionSpec Condition, MeasuredCondition Measured)
{
    /// <summary>Its prompt, which another condition's of the same text is not.</summary>
    public string Prompt => $"{Row.Condition}/{Row.Prompt}";

    /// <summary>Whether what is measured is so in its image of one layer; null where missing answers could decide it.</summary>
    public bool? Holds(int layer) => Row.Holds(Condition, Measured, layer);
}
