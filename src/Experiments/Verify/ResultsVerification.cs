using System.Globalization;
using DiffusionLens;
using Experiments.Results;
using Experiments.Tables;

namespace Experiments.Verify;

/// <summary>Compares the numbers of a run with those of the reference run: measures, figures' numbers and tables.</summary>
internal static class ResultsVerification
{
    private const double Same = 1e-6;

    /// <summary>Compares every table that both have.</summary>
    /// <param name="results">The folder of the new results.</param>
    /// <param name="reference">The folder of the reference results.</param>
    /// <exception cref="BadInputException">One of the folders has no results, or they are the same folder.</exception>
    public static ResultsOutcome Compare(ResultsRoot results, ResultsRoot reference)
    {
        if (Path.GetFullPath(results.Path) == Path.GetFullPath(reference.Path))
        {
            throw new BadInputException($"{results}: cannot be compared with itself; name another folder with --reference");
        }

        string[] ours = Tables(results), theirs = Tables(reference), common = [.. ours.Intersect(theirs)];
        if (common.Length == 0)
        {
            throw new BadInputException(
                $"{results}: has no table that the reference has too; "
                    + "both are folders with EXPERIMENT/MODEL/measures.csv in them");
        }

        // What has not been run is no difference; a table that a run of the same experiment and model no longer makes is.
        HashSet<string> run = [.. ours.Select(ExperimentAndModel)];
        return new ResultsOutcome(
            common.Length,
            [
                .. common.Select(table => Difference(table, results.In(table), reference.In(table))).OfType<string>(),
                .. theirs.Except(ours).Where(table => run.Contains(ExperimentAndModel(table))).Select(table => $"{table}: is not there"),
            ],
            [.. theirs.Select(ExperimentAndModel).Distinct().Where(name => !run.Contains(name))]);
    }

    private static string ExperimentAndModel(string table) => string.Join('/', table.Split('/').Take(2));

    private static string[] Tables(ResultsRoot folder) => Directory.Exists(folder.Path)
        ? [.. folder.NumberFiles()]
        : throw new BadInputException($"{folder}: there is no such folder of results");

    // One line a table: how many of its lines differ, and the first of them. A column that the reference does not know is no difference.
    private static string? Difference(string name, string ours, string theirs)
    {
        ResultTable mine = ResultTable.Read(ours), other = ResultTable.Read(theirs);
        if (other.Columns.FirstOrDefault(column => !mine.Columns.Contains(column)) is string missing)
        {
            return $"{name}: has no column '{missing}'";
        }

        int[] places = [.. other.Columns.Select(column => mine.Columns.ToList().IndexOf(column))];
        string[][] shared = [.. mine.Rows.Select(row => places.Select(place => row[place]).ToArray())];
        int[] differing = [.. Enumerable.Range(0, Math.Min(shared.Length, other.Rows.Count)).Where(i => !Agree(shared[i], other.Rows[i]))];
        string? length = shared.Length == other.Rows.Count ? null : $"{shared.Length} rows, {other.Rows.Count} in the reference";
        string? cells = differing is [int first, ..]
            ? $"{differing.Length} of {shared.Length} rows differ; "
                + $"line {first + 2} is {string.Join(',', shared[first])}, in the reference {string.Join(',', other.Rows[first])}"
            : null;
        return length is null && cells is null ? null : $"{name}: {string.Join("; ", new[] { length, cells }.OfType<string>())}";
    }

    private static bool Agree(IReadOnlyList<string> ours, IReadOnlyList<string> theirs) => ours.Zip(theirs).All(cell =>
        cell.First == cell.Second
        || (double.TryParse(cell.First, CultureInfo.InvariantCulture, out double our)
            && double.TryParse(cell.Second, CultureInfo.InvariantCulture, out double their)
            && Math.Abs(our - their) <= Same));
}

/// <summary>What a comparison of results found.</summary>
/// <param name="Tables">Number of tables compared.</param>
/// <param name="Differences">The tables that differ, each with what differs in it.</param>
/// <param name="NotRun">Experiments and models of the reference that the new results lack.</param>
internal sealed record ResultsOutcome(int Tables, IReadOnlyList<string> Differences, IReadOnlyList<string> NotRun);
