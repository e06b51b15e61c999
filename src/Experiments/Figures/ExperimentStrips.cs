using Experiments.Measures;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Figures;

/// <summary>
/// The contact strips of an experiment: one for each condition with all its prompts, and those that the spec chooses rows for (the
/// paper's Figs 4 and 6).
/// </summary>
internal static class ExperimentStrips
{
    private const int RowsOfPage = 24;

    /// <summary>Draws all strips: <c>strips/NAME.png</c>.</summary>
    /// <param name="rows">What was answered; null where nothing was yet: then no image is ticked, and strips about rows that are right in
    /// the last layer are left out.</param>
    /// <param name="folder">The results folder, with the images in it.</param>
    /// <exception cref="DiffusionLens.BadInputException">An image cannot be read, or a file cannot be written.</exception>
    public static void DrawAll(Plan plan, IReadOnlyList<AnsweredRow>? rows, ResultsFolder folder)
    {
        foreach ((string name, ContactSheet sheet) in Sheets(plan, rows, folder))
        {
            ContactSheetRenderer.Draw(sheet, folder.Strip(name));
        }
    }

    /// <summary>The strips that <see cref="DrawAll"/> draws: those of the spec, then those of the conditions. No image is read.</summary>
    /// <param name="rows">What was answered, or null.</param>
    /// <returns>Each with the name of its file.</returns>
    public static IEnumerable<(string Name, ContactSheet Sheet)> Sheets(Plan plan, IReadOnlyList<AnsweredRow>? rows, ResultsFolder folder)
    {
        IEnumerable<(string, ContactSheet)> chosen =
            from strip in plan.Spec.Strips
            where rows is not null || strip is { Rows: RowChoice.All, Shows: null }
            select (strip.Name, Chosen(plan, strip, rows, folder));
        return chosen.Concat(plan.Spec.Conditions.SelectMany(condition => OfCondition(plan, condition, rows, folder)));
    }

    private static ContactSheet Chosen(Plan plan, StripSpec strip, IReadOnlyList<AnsweredRow>? rows, ResultsFolder folder)
    {
        ConditionSpec[] conditions = [.. strip.Of.Select(plan.Spec.Condition)];
        PlannedRow[] examples =
            [.. conditions.SelectMany(condition => StripExamples.Of(plan, condition, strip, rows).Take(strip.Prompts))];
        ConditionSpec[] without =
            [.. conditions.ExceptBy(examples.Select(example => example.Prompt.Condition), condition => condition.Name)];

        // Conditions that share their prompts are compared prompt by prompt.
        bool isComparison = conditions.Length > 1 && conditions.Select(condition => condition.DrawnAs).Distinct().Count() == 1;
        string[] texts = [.. examples.Select(example => example.Prompt.Text).Distinct()];
        return new ContactSheet(
            strip.Title,
            Note(strip)
                + (without.Length > 0 ? $" There is none of: {string.Join(", ", without.Select(condition => condition.Name))}." : "")
                + Ticks(rows),
            Columns(plan),
            [
                .. examples.OrderBy(example => isComparison ? Array.IndexOf(texts, example.Prompt.Text) : 0).Select(example =>
                    Row(plan, example, rows, folder, conditions.Length > 1 ? $"{example.Prompt.Condition}, " : "")),
            ]);
    }

    private static string Note(StripSpec strip)
    {
        string[] rules =
        [
            .. strip.Rows == RowChoice.All ? (string[])[] : ["are right at the last layer"],
            .. strip.Shows is null ? (string[])[] : [strip.Shows.Say],
        ];
        return rules.Length == 0
            ? "The first prompts of each condition."
            : $"The first prompts of each condition that {string.Join(" and ", rules)}, with the first seed for which that is so.";
    }

    private static IEnumerable<(string Name, ContactSheet Sheet)> OfCondition(
        Plan plan, ConditionSpec condition, IReadOnlyList<AnsweredRow>? rows, ResultsFolder folder)
    {
        PlannedRow[] shown = [.. plan.Rows.Where(row => row.Prompt.Condition == condition.Name && row.Seed == plan.Seeds[0])];
        PlannedRow[][] pages = [.. shown.Chunk(RowsOfPage)];
        for (int page = 0; page < pages.Length; page++)
        {
            string name = shown[0].Prompt.Folder.Split('/')[0], ofPages = $" ({page + 1} of {pages.Length})";
            yield return (
                pages.Length == 1 ? name : $"{name}-{page + 1}",
                new ContactSheet(
                    condition.Name + (pages.Length == 1 ? "" : ofPages),
                    $"Every prompt, with its first seed.{Ticks(rows)}",
                    Columns(plan),
                    [.. pages[page].Select(row => Row(plan, row, rows, folder))]));
        }
    }

    private static ContactSheetRow Row(
        Plan plan, PlannedRow planned, IReadOnlyList<AnsweredRow>? rows, ResultsFolder folder, string condition = "")
    {
        PlannedPrompt prompt = planned.Prompt;
        AnsweredRow? row = rows?.FirstOrDefault(row =>
            row.Condition == prompt.Condition && row.Prompt == prompt.Text && row.Seed == planned.Seed && row.Token == planned.Token);
        ConditionSpec ofPrompt = plan.Spec.Condition(prompt.Condition);
        string token = prompt.Sites.Count > 1 ? $", token {planned.Token}" : "";
        return new ContactSheetRow(prompt.Text, $"{condition}seed {planned.Seed}{token}",
        [
            .. plan.Layers.Select(layer => ContactSheetCell.FromFile(
                folder.In(planned.At(layer).Path), row?.IsRight(ofPrompt, layer) == true)),
        ]);
    }

    private static string[] Columns(Plan plan) => [.. plan.Layers.Select(layer => $"Layer {layer}")];

    private static string Ticks(IReadOnlyList<AnsweredRow>? rows) => rows is null ? "" : " Ticked: shows what its prompt says.";
}
