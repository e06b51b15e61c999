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
    /// <exception cref="BadInputException">A figure is about rows that are right in the last layer, and that layer is not there, or it
    /// names an annotator who gave no answer.</exception>
    public static MeasureTable Compute(AnsweredExperiment experiment) => new(
    [
        .. from condition in experiment.Spec.Conditions
           let curve = new CurveSpec(MeasureTable.RightCurve, [new MeasuredCondition(condition.Name, condition.Right)])
           from point in Measure(experiment, new FigureSpec("", "", RowChoice.All, [curve]), curve)
           select point,
        .. from figure in experiment.Spec.Figures
           let answersBy = AnsweredBy.Say(experiment, figure)
           let asAWhole = AnsweredBy.JudgedAsAWhole(experiment, figure)
           from curve in figure.Curves
           from point in Measure(experiment, figure, curve)
           select point with { AnswersBy = answersBy, AsAWhole = asAWhole.Contains(curve) },
    ]);

    private static IEnumerable<MeasurePoint> Measure(AnsweredExperiment experiment, FigureSpec figure, CurveSpec curve)
    {
        (AnsweredRow Row, ConditionSpec Condition, AnswerRule Rule)[] entering =
        [
            .. from part in curve.Over
               let condition = experiment.Spec.Condition(part.Condition)
               from row in experiment.Choose(figure.Rows, condition, figure.Annotators)
               select (row, condition, part.Rule),
        ];
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
                Share = Proportion.Of(
                [
                    .. from part in entering
                       let holds = part.Row.Holds(part.Condition, part.Rule, layer)
                       where holds is not null
                       select ($"{part.Row.Condition}/{part.Row.Prompt}", part.Row.Seed, holds == true),
                ]),
                Seeds = experiment.Seeds.Count,
            };
        }
    }
}
