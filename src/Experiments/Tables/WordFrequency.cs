using System.Globalization;
using CsvHelper;
using Experiments.Files;

namespace Experiments.Tables;

/// <summary>How common a word is: a line of <c>frequencies.csv</c> (the paper's section 5.1 and C.1).</summary>
/// <param name="Spec">The experiment whose prompts have the word.</param>
/// <param name="Frequency">Views a day of its page in Wikipedia.</param>
internal sealed record WordFrequency(string Spec, string Condition, string Word, double Frequency)
{
    /// <summary>Reads a table of the release's prompts; gives nothing where it is none of animals.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyList<WordFrequency> OfRelease(string path)
    {
        string name = Path.GetFileName(path);
        if (!name.Contains("animals", StringComparison.Ordinal) || Path.GetExtension(name) != ".csv")
        {
            return [];
        }

        string condition = name.Contains("unfamiliar", StringComparison.Ordinal) ? "unfamiliar" : "familiar";
        return [.. Rows(path, "animal", "avg_daily_views").Select(row => new WordFrequency("animals", condition, row[0], Number(row[1])))];
    }

    /// <summary>Reads what <see cref="Write"/> wrote; gives nothing where there is no file.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyList<WordFrequency> Read(string path) =>
        File.Exists(path)
            ?
            [
                .. Rows(path, "experiment", "condition", "word", "frequency")
                    .Select(row => new WordFrequency(row[0], row[1], row[2], Number(row[3]))),
            ]
            : [];

    /// <summary>Writes a table, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frequencies">The lines.</param>
    public static void Write(string path, IReadOnlyList<WordFrequency> frequencies) =>
        CsvTable.Write(
            path,
            ["experiment", "condition", "word", "frequency"],
            frequencies.Select(word =>
                (string[])[word.Spec, word.Condition, word.Word, word.Frequency.ToString(CultureInfo.InvariantCulture)]));

    private static IEnumerable<string[]> Rows(string path, params string[] columns)
        => CsvTable.Read(path, new CsvReaderOptions { Separator = ',' }, csv => Rows(path, csv, columns));

    private static IEnumerable<string[]> Rows(string path, CsvReader csv, string[] columns)
    {
        int[] places = [.. columns.Select(column => csv.TryGetFieldIndex(column, out int place)
            ? place
            : throw new DiffusionLens.BadInputException($"{path}:1: there is no column '{column}'"))];
        List<string[]> rows = [];
        while (csv.Read())
        {
            rows.Add([.. places.Select(place => csv.GetString(place).Trim())]);
        }

        return rows.Where(row => double.TryParse(row[^1], CultureInfo.InvariantCulture, out _));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
