using Experiments.Answers;
using Experiments.Figures;
using Experiments.Plans;
using Experiments.Specs;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Figures;

public sealed class ExperimentStripsTests
{
    private static readonly Plan Plan = With(new StripSpec("fig-4", "Simple and complex", [SmallPlan.Object, SmallPlan.TwoColors], Prompts: 1, RowChoice.RightInTheLastLayer));

    [Fact]
    public void A_strip_shows_the_first_prompts_that_qualify_with_the_first_seed_that_does()
    {
        // The cow is never right, the apple from layer 2 on with seed 1; the first two coloured things with both seeds.
        IReadOnlyList<Answer> answers = SmallPlan.Answers(
            Plan, answer => (answer.PromptNumber, answer.Seed) switch { (1, 1) => 2, (2, _) => 4, _ => null });

        StripSheet sheet = Sheet("fig-4", answers);

        Assert.Equal(["an apple, \"red\"", "a pink snail and an orange donut"], sheet.Rows.Select(row => row.Label));
        Assert.Equal(["seed 1", "seed 0"], sheet.Rows.Select(row => row.Note));
        Assert.Equal([false, true, true], sheet.Rows[0].Cells.Select(cell => cell.Right));
        Assert.Equal(["Layer 0", "Layer 2", "Layer 4"], sheet.Columns);
    }

    [Fact]
    public void Where_no_row_qualifies_the_strip_says_so()
    {
        StripSheet sheet = Sheet("fig-4", SmallPlan.Answers(Plan, answer => answer.Condition == SmallPlan.Object ? 0 : null));

        Assert.Equal(["a cow"], sheet.Rows.Select(row => row.Label));
        Assert.Contains("There is none of: two colors.", sheet.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_answers_there_are_the_conditions_strips_and_no_ticks()
    {
        var sheets = ExperimentStrips.Sheets(Plan, answers: null, "results").ToArray();

        Assert.Equal(["object", "two-colors"], sheets.Select(sheet => sheet.Name));
        Assert.Equal(["a cow", "an apple, \"red\""], sheets[0].Sheet.Rows.Select(row => row.Label));
        Assert.DoesNotContain(sheets.SelectMany(sheet => sheet.Sheet.Rows).SelectMany(row => row.Cells), cell => cell.Right);
    }

    [Fact]
    public void A_long_condition_goes_over_several_pages()
    {
        PlannedPrompt[] prompts = [.. Enumerable.Range(0, 49).Select(i => Plan.Prompts[0] with { Number = i, Text = $"cow {i}" })];

        var sheets = ExperimentStrips.Sheets(Plan with { Prompts = prompts }, answers: null, "results").ToArray();

        Assert.Equal(["object-1", "object-2", "object-3"], sheets.Select(sheet => sheet.Name));
        Assert.Equal([24, 24, 1], sheets.Select(sheet => sheet.Sheet.Rows.Count));
    }

    private static StripSheet Sheet(string name, IReadOnlyList<Answer> answers) =>
        ExperimentStrips.Sheets(Plan, answers, "results").Single(sheet => sheet.Name == name).Sheet;

    private static Plan With(StripSpec strip)
    {
        Plan plan = SmallPlan.Plan;
        return plan with { Spec = plan.Spec with { Strips = [strip] } };
    }
}
