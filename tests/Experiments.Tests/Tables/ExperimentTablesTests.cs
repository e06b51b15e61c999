using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using Experiments.Tests.Measures;

namespace Experiments.Tests.Tables;

public sealed class ExperimentTablesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("experiment-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Order_of_appearance_counts_earlier_ones_and_races() => Assert.Equal(
        [["small", "two", "50.0 % (1/2)", "0.0 % (0/2)", "50.0 % (1/2)", "50.0 % (1/2)"]],
        Table(new TableSpec.Order("t", "Order", RowChoice.All, ["two"], Rows.First, Rows.Second)).Rows);

    [Fact]
    public void First_layers_are_counted_with_those_that_never_have_it() => Assert.Equal(
        [["small", "two: second", "0", "0", "1", "0", "1", "8", "2"]],
        Table(new TableSpec.FirstLayer("t", "First", RowChoice.All, ["two"], [Rows.Second])).Rows);

    [Fact]
    public void Words_are_compared_where_their_frequencies_are_known_and_else_that_is_said()
    {
        TableSpec.Frequency table = new("t", "Words", ["familiar", "unfamiliar"]);
        TableSheet unknown = Table(table);
        WordFrequency.Write(
            Path.Combine(_folder, "frequencies.csv"),
            [
                .. Enumerable
                    .Range(1, 4)
                    .SelectMany(i => (WordFrequency[])[new("small", "familiar", $"f{i}", 100 * i), new("small", "unfamiliar", $"u{i}", i)]),
            ]);

        Assert.Empty(unknown.Rows);
        Assert.Contains("Not known", unknown.Note, StringComparison.Ordinal);
        Assert.Equal(["small", "familiar", "unfamiliar", "4 and 4", "250 and 2.5", "16"], Table(table).Rows.Single().Take(6));
    }

    private TableSheet Table(TableSpec table)
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(
            Small.Spec with
            {
                Tables = [table],
            },
            "small",
            12,
            [
                .. Rows.Answers("a", 0, "eye", (Rows.First, "0100"), (Rows.Second, "0011")),
                .. Rows.Answers("b", 0, "eye", (Rows.First, "0000"), (Rows.Second, "0000")),
            ]);
        return ExperimentTables.Of(experiment, new ResultsFolder(_folder)).Single();
    }
}
