using System.Globalization;
using CsvHelper;
using Lens;

namespace Experiments.Verify;

/// <summary>Compares the numbers of a run with those of the reference run: measures, figures' numbers and tables.</summary>
internal static class ResultsVerification
{
    private const double Same = 1e-6;

    /// <summary>Compares every table that both have.</summary>
    /// <param name="results">The folder of the new results.</param>
    /// <param name="reference">The folder of the reference results.</param>
    /// <returns>The number of tables compared, and where they differ.</returns>
    /// <exception cref="BadInputException">One of the folders has no results, or they are the same folder.</exception>
    public static (int Tables, IReadOnlyList<string> Differences) Compare(string results, string reference)
    {
        if (Path.GetFullPath(results) == Path.GetFullPath(reference))
        {
            throw new BadInputException($"{results}: are the reference results themselves; make new ones elsewhere (dlens-repro paper --results FOLDER) and name that folder");
        }

        string[] ours = Tables(results), theirs = Tables(reference), common = [.. ours.Intersect(theirs)];
        if (common.Length == 0)
        {
            throw new BadInputException($"{results}: has no table that {reference} has too; both are folders with EXPERIMENT/MODEL/measures.csv in them");
        }

        List<string> differences = [];
        foreach (string table in common)
        {
            differences.AddRange(Compare(table, Path.Combine(results, table), Path.Combine(reference, table)));
        }

        // What has not been run is no difference; a table that a run of the same experiment and model no longer makes is.
        HashSet<string> run = [.. ours.Select(ExperimentAndModel)];
        differences.AddRange(theirs.Except(ours).Where(table => run.Contains(ExperimentAndModel(table))).Select(table => $"{table}: is not there"));
        return (common.Length, differences);
    }

    private static string ExperimentAndModel(string table) => string.Join('/', table.Split('/').Take(2));

    private static string[] Tables(string folder) => !Directory.Exists(folder)
        ? throw new BadInputException($"{folder}: there is no such folder of results")
        :
        [
            .. Directory.EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
                .Where(path => path.EndsWith("/measures.csv", StringComparison.Ordinal) || path.Contains("/tables/", StringComparison.Ordinal) || path.Contains("/figures/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    private static IEnumerable<string> Compare(string name, string ours, string theirs)
    {
        List<string[]> mine = Read(ours), other = Read(theirs);
        if (mine.Count != other.Count)
        {
            yield return $"{name}: {mine.Count - 1} rows, {other.Count - 1} in the reference";
        }

        foreach ((string[] row, int i) in mine.Zip(other).Select((pair, i) => (pair, i)).Where(item => !Agree(item.pair.First, item.pair.Second)).Select(item => (item.pair.First, item.i)))
        {
            yield return $"{name}:{i + 1}: {string.Join(',', row)}; in the reference {string.Join(',', other[i])}";
        }
    }

    private static bool Agree(string[] ours, string[] theirs) => ours.Length == theirs.Length && ours.Zip(theirs).All(cell =>
        cell.First == cell.Second
        || (double.TryParse(cell.First, CultureInfo.InvariantCulture, out double our) && double.TryParse(cell.Second, CultureInfo.InvariantCulture, out double their)
            && Math.Abs(our - their) <= Same));

    private static List<string[]> Read(string path)
    {
        using CsvReader csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = ',' });
        List<string[]> rows = [[.. csv.Headers]];
        while (csv.Read())
        {
            rows.Add([.. Enumerable.Range(0, csv.Headers.Count).Select(csv.GetString)]);
        }

        return rows;
    }
}
