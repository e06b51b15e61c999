using DiffusionLens;
using Experiments.Answers;
using Experiments.Plans;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// From answers to curves. A row is one prompt with one seed. The paper's main curves (its section 3) are about the rows whose image
/// from the last layer is right, so that they show how right images come about; a curve is at 100 % there by definition when its
/// rule is the one that makes an image right.
/// </summary>
public static class Measuring
{
    /// <summary>Measures every curve of the plan's figures, and the share of right images of every condition.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="answers">Answers to at least all that the plan asks; others are left aside.</param>
    /// <exception cref="BadInputException">An answer is missing, two annotators answered the same question, or a figure is about rows
    /// that are right in the last layer and the plan leaves that layer out.</exception>
    public static MeasureTable Compute(Plan plan, IEnumerable<Answer> answers) => Compute(AnsweredExperiment.Of(plan, answers));

    /// <summary>Measures every curve of an experiment's figures, and the share of right images of every condition. A row of which a
    /// layer lacks the answers that decide it does not count at that layer.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <exception cref="BadInputException">A figure is about rows that are right in the last layer, and that layer is not there.</exception>
    public static MeasureTable Compute(AnsweredExperiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return new MeasureTable(
        [
            .. from condition in experiment.Spec.Conditions
               let curve = new CurveSpec(MeasureTable.RightCurve, [new MeasuredCondition(condition.Name, condition.Right)])
               from point in Measure(experiment, new FigureSpec("", "", RowChoice.All, [curve]), curve)
               select point,
            .. from figure in experiment.Spec.Figures
               from curve in figure.Curves
               from point in Measure(experiment, figure, curve)
               select point,
        ]);
    }

    /// <summary>The rows of a condition that a figure is about.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="choice">Which rows.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="rows">All rows.</param>
    /// <exception cref="BadInputException">The choice needs the last layer, and the plan leaves it out.</exception>
    public static IEnumerable<AnsweredRow> Choose(Plan plan, RowChoice choice, ConditionSpec condition, IReadOnlyList<AnsweredRow> rows)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return AnsweredExperiment.Choose(choice, condition, rows, plan.Layers, plan.LastLayer);
    }

    private static IEnumerable<MeasurePoint> Measure(AnsweredExperiment experiment, FigureSpec figure, CurveSpec curve)
    {
        (AnsweredRow Row, ConditionSpec Condition, AnswerRule Rule)[] entering =
        [
            .. from part in curve.Over
               let condition = experiment.Spec.Condition(part.Condition)
               from row in experiment.Choose(figure.Rows, condition, figure.AllAnnotators)
               select (row, condition, part.Rule),
        ];
        foreach (int layer in experiment.Layers)
        {
            Proportion share = Proportion.Of(
            [
                .. from part in entering
                   let holds = part.Row.Holds(part.Condition, part.Rule, layer)
                   where holds is not null
                   select ($"{part.Row.Condition}/{part.Row.Prompt}", part.Row.Seed, holds == true),
            ]);
            yield return new MeasurePoint(
                figure.Name, curve.Label, [.. curve.Over.Select(part => part.Condition)], figure.Rows, layer, share);
        }
    }
}
