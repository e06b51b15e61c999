using Experiments.Measures;
using Experiments.Plans;
using Experiments.Specs;

namespace Experiments.Figures;

/// <summary>Finds the rows that a sheet of strips is about.</summary>
internal static class StripExamples
{
    /// <summary>The first such row of each prompt of a condition that has one, in the plan's order.</summary>
    /// <param name="strip">What the sheet is about.</param>
    /// <param name="rows">All rows; null where there are no answers, which only a sheet without rules can do with.</param>
    public static IEnumerable<PlannedRow> Of(
        Plan plan,
        ConditionSpec condition,
        StripSpec strip,
        IReadOnlyList<AnsweredRow>? rows)
    {
        HashSet<(string, ulong, int?)>? examples = strip is { Rows: RowChoice.All, Shows: null }
            ? null
            : rows!
                .Where(row =>
                    row.Condition == condition.Name && (strip.Rows == RowChoice.All || row.IsRight(condition, plan.LastLayer) == true))
                .Where(row => strip.Shows is null || Shows(row, condition, strip.Shows, plan))
                .Select(row => (row.Prompt, row.Seed, row.Token))
                .ToHashSet();
        return
            from prompt in plan.Prompts
            where prompt.Condition == condition.Name
            let shown = plan.RowsOf(prompt).Where(row => examples?.Contains((prompt.Text, row.Seed, row.Token)) != false)
            where shown.Any()
            select shown.First();
    }

    private static bool Shows(AnsweredRow row, ConditionSpec condition, ExampleRule rule, Plan plan)
    {
        bool isWrongAtLast = row.IsRight(condition, plan.LastLayer) == false;
        return rule switch
        {
            ExampleRule.SuccessThenFailure => isWrongAtLast && plan.Layers.Any(layer => row.IsRight(condition, layer) == true),
            ExampleRule.CompleteFailure => isWrongAtLast && plan.Layers.All(layer => row.IsRight(condition, layer) == false),
            ExampleRule.Race(var first, var second) => OrderOfAppearance.IsRace(row, first, second, plan.Layers),
            ExampleRule.InOrder(var steps) => AreInOrder([.. steps.Select(step => FirstLayer(step))]),
            ExampleRule.Apart(var parts) => isWrongAtLast
                && parts.All(part => FirstLayer(Rule(part)) is not null) && FirstLayer(new AnswerRule(All: true, parts)) is null,
            ExampleRule.Never(var parts) => isWrongAtLast && parts.Any(part => FirstLayer(Rule(part)) is null),
            _ => throw new ArgumentException($"No examples of {rule}", nameof(rule)),
        };

        int? FirstLayer(AnswerRule answers)
        {
            int place = plan.Layers.ToList().FindIndex(layer => row.Holds(answers, layer) == true);
            return place < 0 ? null : plan.Layers[place];
        }
    }

    private static AnswerRule Rule(string question) => new(All: true, [question]);

    // Comparisons with null are false: what is never seen comes before nothing and after nothing.
    private static bool AreInOrder(int?[] layers) => layers.Zip(layers.Skip(1), (one, next) => one < next).All(isBefore => isBefore);
}
