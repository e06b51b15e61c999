using System.Globalization;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Tables;

internal static class ComparisonTables
{
    /// <summary>The sources of failures, a row a model.</summary>
    public static TableSheet FailureTypes(FailureTypeTable table, IReadOnlyList<ComparedAnswers> models) =>
        new(
            table.Name,
            table.Title,
            "Prompts that fail with at least 75 % of their seeds. Type 1: a part of the prompt is in no image of an earlier layer; "
                + "type 2: each part is, "
                + "and they are not combined. "
                + "Where there are two annotators, the second one's answers count for the parts that the first was not asked about.",
            ["Model", "Images judged by", "Failing prompts", "Type 1", "Type 2"],
            [
                .. from model in models
                let found = model.Find(table.Of)
                where found is not null
                from answers in Judged(found.Value.Experiment, found.Value.Condition)
                let types = Measures.FailureTypes.Of(
                    answers.Rows,
                    found.Value.Condition,
                    [.. table.Parts.Select(part => part.Name)],
                    found.Value.Experiment.Layers,
                    found.Value.Experiment.LastLayer)
                select (IReadOnlyList<string>)
                    [
                        model.Model,
                        answers.Who,
                        types.Count.ToString(CultureInfo.InvariantCulture),
                        TableSheet.Share(types.NeverMade, types.Count),
                        TableSheet.Share(types.NotCombined, types.Count),
                    ],
            ]);

    /// <summary>Agreement between the first two annotators, averaged over conditions and models by the number of answers.</summary>
    public static TableSheet Agreement(AgreementTable table, IReadOnlyList<ComparedAnswers> models)
    {
        List<IReadOnlyList<string>> rows = [];
        foreach (AgreementRow row in table.Rows)
        {
            Agreement[] files = [.. Agreements(row, models)];
            int count = files.Sum(file => file.Count);
            rows.Add([
                row.Label,
                count.ToString(CultureInfo.InvariantCulture),
                Average(files, file => file.Precision),
                Average(files, file => file.Recall),
                Average(files, file => file.F1),
                Average(files, file => file.Kappa),
            ]);
        }

        bool none = rows.All(row => row[1] == "0");
        return new TableSheet(
            table.Name,
            table.Title,
            none
                ? $"{string.Join(", ", models.Select(model => model.Model))}: "
                    + "each question was answered by one annotator alone, so there is nothing to compare."
                : $"{string.Join(" and ", models.Select(model => model.Model))}. "
                    + "Rows that the second annotator finds right in the last layer, in all questions of the experiment, and that "
                    + "the first answered at every layer. "
                    + "Precision, recall, F1 and Cohen's kappa are computed for each condition and model and averaged by n.",
            ["Question", "n", "Precision", "Recall", "F1", "Cohen's kappa"],
            rows);
    }

    /// <summary>Agreement in each condition of each model.</summary>
    /// <param name="row">The row of the table.</param>
    public static IEnumerable<Agreement> Agreements(AgreementRow row, IReadOnlyList<ComparedAnswers> models) =>
        from model in models
        from reference in row.Of
        let found = model.Find(reference)
        where found is not null
        let agreement = AnnotatorPair.Compare(
            found.Value.Experiment, found.Value.Condition, row.Question.Name, [.. row.Among.Select(question => question.Name)])
        where agreement is { Count: > 0 }
        select agreement;

    private static string Average(Agreement[] files, Func<Agreement, double?> measure)
    {
        Agreement[] known = [.. files.Where(file => measure(file) is not null)];
        return known.Length == 0
            ? "–"
            : TableSheet.Percent(known.Sum(file => file.Count * measure(file)!.Value) / known.Sum(file => file.Count));
    }

    // The paper does not say whose answers its numbers are made from: those of the prompts that the main annotator judged as a whole, and
    // where others judged more prompts, all of them.
    private static IEnumerable<(string Who, IReadOnlyList<AnsweredRow> Rows)> Judged(AnsweredExperiment experiment, ConditionSpec condition)
    {
        string[] who =
        [
            .. experiment.Answers.Where(answer => answer.Condition == condition.Name).Select(answer => answer.Annotator).Distinct(),
        ];
        HashSet<string> byMain =
        [
            .. AnsweredRow.From(experiment.Answers.Where(answer => answer.Condition == condition.Name && answer.Annotator == who[0]))
                .Where(row => row.IsRight(condition, experiment.LastLayer) is not null).Select(row => row.Prompt),
        ];
        if (who.Length > 1)
        {
            yield return (who[0], [.. experiment.AllRows.Where(row => byMain.Contains(row.Prompt))]);
        }

        yield return (string.Join(", else ", who), experiment.AllRows);
    }
}
