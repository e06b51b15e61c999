using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// How much more often something is so in one condition than in another, of the same prompts with the same seeds (and tokens). Only pairs
/// count of which both were answered.
/// </summary>
/// <param name="FirstYes">Pairs in which it is so in the first.</param>
/// <param name="SecondYes">Pairs in which it is so in the second.</param>
/// <param name="Count">Number of pairs.</param>
/// <param name="Prompts">How many prompts they are of.</param>
/// <param name="Interval">95 % interval of the difference, by the bootstrap over prompts; null where there is no pair.</param>
/// <param name="Test">McNemar's test of the pairs.</param>
internal sealed record PairedDifference(int FirstYes, int SecondYes, int Count, int Prompts, Interval? Interval, McNemar Test)
{
    /// <summary>The second's share less the first's, -1 to 1; null where there is no pair.</summary>
    public double? Difference => Count == 0 ? null : (double)(SecondYes - FirstYes) / Count;

    /// <summary>Compares two conditions.</summary>
    /// <param name="layer">The layer at which both are looked at; null: any before the last.</param>
    public static PairedDifference Of(AnsweredExperiment experiment, DifferenceSpec difference, int? layer)
    {
        ILookup<RowKey, bool> first = Answers(experiment, difference.First, layer).ToLookup(row => row.Row, row => row.Yes);
        (string Prompt, bool First, bool Second)[] pairs =
        [
            .. from second in Answers(experiment, difference.Second, layer)
               from yes in first[second.Row]
               select (second.Row.Prompt, yes, second.Yes),
        ];
        PromptTotal[] prompts =
        [
            .. pairs.GroupBy(pair => pair.Prompt).Select(prompt => new PromptTotal(
                prompt.Sum(pair => (pair.Second ? 1 : 0) - (pair.First ? 1 : 0)), prompt.Count())),
        ];
        return new PairedDifference(
            pairs.Count(pair => pair.First),
            pairs.Count(pair => pair.Second),
            pairs.Length,
            prompts.Length,
            Bootstrap.Of([new WeightedGroup(1, prompts)]),
            new McNemar(pairs.Count(pair => pair is (_, true, false)), pairs.Count(pair => pair is (_, false, true))));
    }

    private static IEnumerable<(RowKey Row, bool Yes)> Answers(AnsweredExperiment experiment, MeasuredCondition measured, int? layer)
    {
        ConditionSpec condition = experiment.Spec.Condition(measured.Condition);

        // A row that is the only one of its prompt and seed needs no token to be told from others.
        bool isOnly = measured.Token is not null || condition.Site.Parts.Tokens.Position is not null;
        return
            from row in experiment.Choose(RowChoice.All, condition, token: measured.Token)
            let yes = MeasuredRow.Holds(experiment, row, measured, layer)
            where yes is not null
            select (new RowKey(row.Prompt, row.Seed, isOnly ? null : row.Token), yes.Value);
    }

    private readonly record struct RowKey(string Prompt, ulong Seed, int? Token);
}
