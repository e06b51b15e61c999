using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>Whether what is measured is so in a row.</summary>
internal static class MeasuredRow
{
    /// <param name="layer">The layer whose image is looked at; null: whether it is so at any layer before the last.</param>
    /// <returns>Yes or no, or null where missing answers could decide it.</returns>
    public static bool? Holds(AnsweredExperiment experiment, AnsweredRow row, MeasuredCondition measured, int? layer)
    {
        ConditionSpec condition = experiment.Spec.Condition(row.Condition);
        if (layer is int one)
        {
            return row.Holds(condition, measured, one);
        }

        bool?[] earlier =
        [
            .. experiment.Layers.Where(l => l < experiment.LastLayer).Select(l => row.Holds(condition, measured.Rule, l)),
        ];
        bool? any = earlier.Contains(true) ? true : earlier.Length == 0 || earlier.Contains(null) ? null : false;
        return any is bool holds ? holds != measured.IsNegated : null;
    }
}
