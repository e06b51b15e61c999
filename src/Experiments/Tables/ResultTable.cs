using CsvHelper;
using Experiments.Files;

namespace Experiments.Tables;

/// <summary>A table of results as it stands in its file.</summary>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">The cells, row by row.</param>
internal sealed record ResultTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Of each column whether it holds numbers alone.</summary>
    public IReadOnlyList<bool> NumericColumns => TableSheet.NumericOf(Columns, Rows);

    /// <param name="path">A CSV file.</param>
    /// <exception cref="DiffusionLens.BadInputException">It cannot be read, or is no table.</exception>
    public static ResultTable Read(string path) => CsvTable.Read(path, new CsvReaderOptions { Separator = ',' }, csv =>
    {
        List<IReadOnlyList<string>> rows = [];
        while (csv.Read())
        {
            rows.Add([.. Enumerable.Range(0, csv.Headers.Count).Select(csv.GetString)]);
        }

        return new ResultTable([.. csv.Headers], rows);
    });

    /// <summary>The cell of a row; empty where there is no such column.</summary>
    /// <param name="column">The column's heading.</param>
    public string Cell(IReadOnlyList<string> row, string column) =>
        Columns.ToList().IndexOf(column) is >= 0 and int place ? row[place] : "";

    /// <summary>The rows with some value in a column.</summary>
    /// <param name="column">The column's heading.</param>
    public IEnumerable<IReadOnlyList<string>> Where(string column, string value) => Rows.Where(row => Cell(row, column) == value);
}
