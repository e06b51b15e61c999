using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// Why compound prompts fail (the paper's section 6), among prompts of which at least 75 % of the seeds fail in the last layer.
/// </summary>
/// <param name="NeverMade">Type 1: a part of the prompt is in no image of any earlier layer.</param>
/// <param name="NotCombined">Type 2: every part is there in some earlier layer, if not in the same.</param>
internal sealed record FailureTypes(int NeverMade, int NotCombined)
{
    private const double MostSeeds = 0.75;

    /// <summary>Number of prompts that mostly fail.</summary>
    public int Count => NeverMade + NotCombined;

    /// <summary>Counts prompts.</summary>
    /// <param name="rows">Rows of the condition.</param>
    /// <param name="parts">A question for each part of the prompt, such as <c>object in color</c> and <c>object' in color'</c>.</param>
    /// <param name="layers">The layers looked through, ascending.</param>
    /// <param name="lastLayer">L.</param>
    public static FailureTypes Of(
        IEnumerable<AnsweredRow> rows, ConditionSpec condition, IReadOnlyList<string> parts, IReadOnlyList<int> layers, int lastLayer)
    {
        IGrouping<string, AnsweredRow>[] failed =
        [
            .. rows.Where(row => row.Condition == condition.Name && row.IsRight(condition, lastLayer) is not null)
                .GroupBy(row => row.Prompt)
                .Where(prompt => prompt.Count(row => row.IsRight(condition, lastLayer) == false) >= MostSeeds * prompt.Count()),
        ];
        int[] earlier = [.. layers.Where(layer => layer < lastLayer)];
        int combined = failed.Count(prompt => parts.All(part => prompt.Any(row => earlier.Any(layer => row.Answer(part, layer) == true))));
        return new FailureTypes(failed.Length - combined, combined);
    }
}
