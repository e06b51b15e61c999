using System.Globalization;
using Experiments.Findings;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Tables;

/// <summary>The tables that a spec asks for.</summary>
internal static class ExperimentTables
{
    /// <summary>Makes all tables of an experiment, and those of its findings.</summary>
    /// <param name="folder">Its results folder, where frequencies of words lie that were imported.</param>
    public static IReadOnlyList<TableSheet> Of(AnsweredExperiment experiment, ResultsFolder folder)
    {
        TestedDifferences tests = TestedDifferences.Of(experiment);
        return
        [
            .. Tables(experiment, folder, tests),
            .. SpecFinding.All(experiment, tests).Select(finding => DifferenceTables.Of(experiment, finding, tests)),
        ];
    }

    private static IEnumerable<TableSheet> Tables(AnsweredExperiment experiment, ResultsFolder folder, TestedDifferences tests) =>
    [
        .. experiment.Spec.Tables.SelectMany(table => table switch
        {
            TableSpec.Order order => [OrderOf(experiment, order)],
            TableSpec.Differences differences => [DifferenceTables.Of(experiment, differences, tests)],
            TableSpec.FirstLayer first => [FirstLayerOf(experiment, first)],
            TableSpec.Frequency frequency => (TableSheet[])[FrequencyOf(experiment, frequency, WordFrequency.Read(folder.Frequencies))],
            _ => throw new ArgumentException($"No table for {table}"),
        }),
    ];

    private static TableSheet OrderOf(AnsweredExperiment experiment, TableSpec.Order table)
    {
        List<string> columns = ["Model", "Condition", "First earlier", "Second earlier", "Together", "Races"];
        OrderOfAppearance[] orders =
        [
            .. table.Of.Select(name => OrderOfAppearance.Of(
                experiment.Choose(table.Rows, experiment.Spec.Condition(name)), table.First, table.Second, experiment.Layers)),
        ];
        List<IReadOnlyList<string>> rows = [.. table.Of.Zip(orders, (name, order) => Row(name, order))];
        if (orders.Length > 1)
        {
            rows.Add(
                Row(
                    "all",
                    new OrderOfAppearance(
                        orders.Sum(order => order.First),
                        orders.Sum(order => order.Second),
                        orders.Sum(order => order.Races),
                        orders.Sum(order => order.Count))));
        }

        return new TableSheet(
            table.Name,
            table.Title,
            $"{RowsOf(table.Rows)} that were asked about both. "
                + "The earlier one is there alone in the first layer that shows exactly one of the two; "
            + "in a race the one that came first is gone when the other first appears.",
            columns,
            rows);

        IReadOnlyList<string> Row(string name, OrderOfAppearance order) =>
        [
            experiment.Model, name, TableSheet.Share(order.First, order.Count), TableSheet.Share(order.Second, order.Count),
            TableSheet.Share(order.Count - order.First - order.Second, order.Count), TableSheet.Share(order.Races, order.Count),
        ];
    }

    private static TableSheet FirstLayerOf(AnsweredExperiment experiment, TableSpec.FirstLayer table)
    {
        var parts =
            from name in table.Of
            let condition = experiment.Spec.Condition(name)
            from part in table.Questions.Count == 0
                ? [(Label: name, Rule: condition.Right)]
                : table.Questions.Select(question => (Label: $"{name}: {question}", Rule: new AnswerRule(All: true, [question])))
            let distribution = Emergence.Distribution(
                experiment
                    .Choose(table.Rows, condition)
                    .Where(row => experiment.Layers.Any(layer => row.Holds(condition, part.Rule, layer) is not null))
                    .Select(row => Emergence.FirstLayer(row, condition, part.Rule, experiment.Layers)),
                experiment.Layers)
            select (IReadOnlyList<string>)
            [
                experiment.Model, part.Label,
                .. distribution.Layers.Select(layer => Number(layer.Rows)),
                Number(distribution.Never), distribution.Median is int median ? Number(median) : "–", Number(distribution.Count),
            ];
        return new TableSheet(
            table.Name,
            table.Title,
            $"{RowsOf(table.Rows)} by the first layer in which it is so; half of them have it by the median.",
            ["Model", "What", .. experiment.Layers.Select(Number), "Never", "Median", "n"],
            [.. parts]);
    }

    private static TableSheet FrequencyOf(
        AnsweredExperiment experiment,
        TableSpec.Frequency table,
        IReadOnlyList<WordFrequency> frequencies)
    {
        double[][] samples =
        [
            .. table.Of.Select(condition =>
                frequencies.Where(word => word.Condition == condition).Select(word => word.Frequency).ToArray()),
        ];
        string[] columns = ["Model", "More common", "Less common", "n", "Median", "U", "p (two-sided)"];
        if (samples.Any(sample => sample.Length == 0))
        {
            return new TableSheet(
                table.Name,
                table.Title,
                $"Not known of the words of {experiment.Model}: no frequencies.csv beside the answers.",
                columns,
                []);
        }

        MannWhitney test = MannWhitney.Test(samples[0], samples[1]);
        return new TableSheet(
            table.Name,
            table.Title,
            "Mann-Whitney's U by views a day of the word's page in Wikipedia, which is how the paper's section 5.1 chose the words. "
                + "The counts in LAION2B-en "
            + "that its appendix C.1 tests were not published.",
            columns,
            [
                [
                    experiment.Model,
                    table.Of[0],
                    table.Of[1],
                    $"{samples[0].Length} and {samples[1].Length}",
                    $"{Number(Median(samples[0]))} and {Number(Median(samples[1]))}",
                    Number(test.U),
                    test.P.ToString("0.0e+0", CultureInfo.InvariantCulture),
                ],
            ]);
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string RowsOf(RowChoice rows) => rows == RowChoice.All ? "All rows" : "Rows right in the last layer";

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
