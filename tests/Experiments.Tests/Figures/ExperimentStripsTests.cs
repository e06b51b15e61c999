using Experiments.Answers;
using Experiments.Figures;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Figures;

public sealed class ExperimentStripsTests
{
    private static readonly ResultsFolder Folder = new("results");

    private static readonly Plan Plan = With(
        new StripSpec("fig-4", "Simple and complex", [SmallPlan.Object, SmallPlan.TwoColors], Prompts: 1, RowChoice.RightInTheLastLayer));

    [Fact]
    public void A_strip_shows_the_first_prompts_that_qualify_with_the_first_seed_that_does()
    {
        // The cow is never right, the apple from layer 2 on with seed 1; the first two colored things with both seeds.
        IReadOnlyList<Answer> answers = SmallPlan.Answers(
            Plan, answer => (answer.PromptNumber, answer.Seed) switch { (1, 1) => 2, (2, _) => 4, _ => null });

        ContactSheet sheet = Sheet("fig-4", answers);

        Assert.Equal(["an apple, \"red\"", "a pink snail and an orange donut"], sheet.Rows.Select(row => row.Label));
        Assert.Equal(["object, seed 1", "two colors, seed 0"], sheet.Rows.Select(row => row.Note));
        Assert.Equal([false, true, true], sheet.Rows[0].Cells.Select(cell => cell.Right));
        Assert.Equal(["Layer 0", "Layer 2", "Layer 4"], sheet.Columns);
    }

    [Fact]
    public void What_people_said_of_the_image_as_a_whole_decides_on_the_ticks()
    {
        // The parts are right from layer 2 on, the whole at layer 4 alone, for one prompt, and at layer 0 too, for the other.
        IReadOnlyList<Answer> answers =
        [
            .. SmallPlan.Answers(Plan, _ => 2).SelectMany(answer => new[]
            {
                answer,
                answer with
                {
                    Question = AnsweredRow.AsAWhole,
                    Yes = answer.Layer == 4 || (answer.PromptNumber == 1 && answer.Layer == 0),
                },
            }).DistinctBy(answer => answer.Key),
        ];

        ContactSheet sheet = Sheet("object", answers);

        Assert.Equal([false, false, true], sheet.Rows[0].Cells.Select(cell => cell.Right));
        Assert.Equal([true, false, true], sheet.Rows[1].Cells.Select(cell => cell.Right));
    }

    [Fact]
    public void Where_no_row_qualifies_the_strip_says_so()
    {
        ContactSheet sheet = Sheet("fig-4", SmallPlan.Answers(Plan, answer => answer.Condition == SmallPlan.Object ? 0 : null));

        Assert.Equal(["a cow"], sheet.Rows.Select(row => row.Label));
        Assert.Contains("There is none of: two colors.", sheet.Note, StringComparison.Ordinal);
    }

    // Each rule with a row that is an example of it and one that is not:
    // whether the first thing and the second are there at layers 0, 2, 4.
    public static TheoryData<object, (string, string), (string, string)> Rules =>
        new()
        {
            { new ExampleRule.SuccessThenFailure(), ("010", "011"), ("011", "001") },
            { new ExampleRule.CompleteFailure(), ("100", "011"), ("010", "011") },
            { new ExampleRule.Apart([SmallPlan.HasObject, SmallPlan.HasOther]), ("100", "011"), ("010", "011") },
            { new ExampleRule.Never([SmallPlan.HasObject, SmallPlan.HasOther]), ("111", "000"), ("100", "011") },
            { new ExampleRule.Race(SmallPlan.HasObject, SmallPlan.HasOther), ("101", "011"), ("111", "011") },
            {
                new ExampleRule.InOrder([SmallPlan.RightObject, new AnswerRule(All: true, [SmallPlan.HasOther])]),
                ("011", "001"),
                ("001", "001")
            },
            {
                new ExampleRule.InOrder([SmallPlan.RightObject, new AnswerRule(All: true, [SmallPlan.HasOther])]),
                ("011", "001"),
                ("011", "000")
            },
        };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_sheet_shows_rows_that_are_examples_of_what_it_is_about(object rule, (string, string) example, (string, string) other)
    {
        Plan plan = With(new StripSpec("fig", "About", [SmallPlan.TwoColors], Prompts: 2, RowChoice.All) { Shows = (ExampleRule)rule });
        IReadOnlyList<Answer> answers =
        [
            .. SmallPlan
                .Asked(plan)
                .Select(answer =>
                {
                    (string first, string second) = (answer.PromptNumber, answer.Seed) == (3, 1) ? example : other;
                    return answer with
                    {
                        Yes = (answer.Question == SmallPlan.HasObject ? first : second)[answer.Layer / 2] == '1',
                        Annotator = "eye",
                    };
                }),
        ];

        ContactSheet sheet = ExperimentStrips
            .Sheets(plan, AnsweredRow.From(answers), Folder)
            .Single(candidate => candidate.Name == "fig")
            .Sheet;

        ContactSheetRow row = Assert.Single(sheet.Rows);
        Assert.Equal((plan.Prompts[3].Text, "seed 1"), (row.Label, row.Note));
        Assert.Contains(((ExampleRule)rule).Say, sheet.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Conditions_that_share_their_prompts_are_shown_prompt_by_prompt()
    {
        Plan plan = With(new StripSpec("fig", "About", [SmallPlan.Object, SmallPlan.TwoColors], Prompts: 2, RowChoice.All));
        ConditionSpec[] conditions = [.. plan.Spec.Conditions.Select(condition => condition with { DrawnAs = SmallPlan.Object })];
        PlannedPrompt[] prompts = [.. plan.Prompts.Select((prompt, i) => prompt with { Text = plan.Prompts[i % 2].Text })];

        ContactSheet sheet = ExperimentStrips
            .Sheets(plan with { Spec = plan.Spec with { Conditions = conditions }, Prompts = prompts }, rows: null, Folder)
            .First()
            .Sheet;

        Assert.Equal(
            [
                ("a cow", "object, seed 0"),
                ("a cow", "two colors, seed 0"),
                ("an apple, \"red\"", "object, seed 0"),
                ("an apple, \"red\"", "two colors, seed 0"),
            ],
            sheet.Rows.Select(row => (row.Label, row.Note)));
    }

    [Fact]
    public void Without_answers_there_are_the_conditions_strips_and_no_ticks()
    {
        var sheets = ExperimentStrips.Sheets(Plan, rows: null, Folder).ToArray();

        Assert.Equal(["object", "two-colors"], sheets.Select(sheet => sheet.Name));
        Assert.Equal(["a cow", "an apple, \"red\""], sheets[0].Sheet.Rows.Select(row => row.Label));
        Assert.DoesNotContain(sheets.SelectMany(sheet => sheet.Sheet.Rows).SelectMany(row => row.Cells), cell => cell.Right);
    }

    [Fact]
    public void A_long_condition_goes_over_several_pages()
    {
        PlannedPrompt[] prompts = [.. Enumerable.Range(0, 49).Select(i => Plan.Prompts[0] with { Number = i, Text = $"cow {i}" })];

        var sheets = ExperimentStrips.Sheets(Plan with { Prompts = prompts }, rows: null, Folder).ToArray();

        Assert.Equal(["object-1", "object-2", "object-3"], sheets.Select(sheet => sheet.Name));
        Assert.Equal([24, 24, 1], sheets.Select(sheet => sheet.Sheet.Rows.Count));
    }

    private static ContactSheet Sheet(string name, IReadOnlyList<Answer> answers) =>
        ExperimentStrips.Sheets(Plan, AnsweredRow.From(answers), Folder).Single(sheet => sheet.Name == name).Sheet;

    private static Plan With(StripSpec strip)
    {
        Plan plan = SmallPlan.Plan;
        return plan with { Spec = plan.Spec with { Strips = [strip] } };
    }
}
