using Experiments.Answers;
using Experiments.Plans;
using Experiments.Specs;
using Lens;

namespace Experiments.Measures;

/// <summary>
/// From answers to curves. A row is one prompt with one seed. The paper's main curves (its section 3) are about the rows whose picture
/// from the last layer is right, so that they show how right pictures come about; a curve is at 100 % there by definition when its
/// rule is the one that makes a picture right.
/// </summary>
public static class Measuring
{
    /// <summary>Measures every curve of the plan's figures, and the share of right pictures of every condition.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="answers">Answers to at least all that the plan asks; others are left aside.</param>
    /// <exception cref="BadInputException">An answer is missing, two annotators answered the same question, or a figure is about rows
    /// that are right in the last layer and the plan leaves that layer out.</exception>
    public static MeasureTable Compute(Plan plan, IEnumerable<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(plan);
        AnswerSheet sheet = AnswerSheet.Of(plan, answers);
        if (sheet.Missing is [Answer first, ..] missing)
        {
            throw new BadInputException(
                $"{AnsweringStage.AnswersFile}: {missing.Count} of {sheet.Planned.Count} answers are missing; the first is to "
                + $"{AnswerSheet.Describe(first)}");
        }

        IReadOnlyList<AnsweredRow> rows = AnsweredRow.From(sheet.Planned);
        return new MeasureTable(
        [
            .. from condition in plan.Spec.Conditions
               let curve = new CurveSpec(MeasureTable.RightCurve, [new MeasuredCondition(condition.Name, condition.Right)])
               from point in Measure(plan, "", RowChoice.All, curve, rows)
               select point,
            .. from figure in plan.Spec.Figures
               from curve in figure.Curves
               from point in Measure(plan, figure.Name, figure.Rows, curve, rows)
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
        if (choice == RowChoice.RightInTheLastLayer && !plan.Layers.Contains(plan.LastLayer))
        {
            throw new BadInputException(
                $"--layers: a figure is about the rows that are right in the last layer, and layer {plan.LastLayer} is not among those to run; "
                + "add it");
        }

        return rows.Where(row => row.Condition == condition.Name
            && (choice == RowChoice.All || row.Holds(condition.Right, plan.LastLayer) == true));
    }

    private static IEnumerable<MeasurePoint> Measure(
        Plan plan, string figure, RowChoice choice, CurveSpec curve, IReadOnlyList<AnsweredRow> rows)
    {
        (AnsweredRow Row, AnswerRule Rule)[] entering =
        [
            .. from part in curve.Over
               from row in Choose(plan, choice, plan.Spec.Condition(part.Condition), rows)
               select (row, part.Rule),
        ];
        foreach (int layer in plan.Layers)
        {
            Proportion share = Proportion.Of([.. entering.Select(pair => (pair.Row.Seed, pair.Row.Holds(pair.Rule, layer) == true))]);
            yield return new MeasurePoint(
                figure,
                curve.Label,
                [.. curve.Over.Select(part => part.Condition)],
                choice,
                layer,
                share.Mean,
                share.Spread,
                share.Count);
        }
    }
}
