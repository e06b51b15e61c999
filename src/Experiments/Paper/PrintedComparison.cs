using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;

namespace Experiments.Paper;

/// <summary>A printed value beside ours.</summary>
/// <param name="Printed">What the paper prints.</param>
/// <param name="Ours">Ours; null where it is not there.</param>
/// <param name="Agrees">Whether they are the same: counts to the digit, percents to what their last digit can say (cut or rounded).</param>
internal sealed partial record PrintedComparison(PrintedValue Printed, string? Ours, bool Agrees)
{
    // The paper cuts in its tables and rounds in its figures: one unit of the last digit printed.
    private const double CutOrRounded = 0.1, WholePercent = 0.5, Rounding = 1e-6;

    /// <summary>Compares.</summary>
    /// <param name="item">The figure or table.</param>
    /// <param name="printed">A value of it.</param>
    /// <param name="results">The folder of results.</param>
    public static PrintedComparison Of(PublishedItem item, PrintedValue printed, string results)
    {
        string path = Path.Combine(results, item.Experiment, printed.Model, item.Kind, $"{item.File}.csv");
        if (!File.Exists(path))
        {
            return new PrintedComparison(printed, null, false);
        }

        using CsvReader csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = ',' });
        List<Dictionary<string, string>> rows = [];
        while (csv.Read())
        {
            rows.Add(csv.Headers.Distinct().ToDictionary(header => header, header => csv.TryGetFieldIndex(header, out int place) ? csv.GetString(place) : ""));
        }

        return printed.Column.Length == 0 ? Curve(printed, rows) : Cell(printed, rows);
    }

    private static PrintedComparison Curve(PrintedValue printed, List<Dictionary<string, string>> rows)
    {
        double[] ours = [.. rows.Where(row => row["curve"] == printed.Row && row["mean"].Length > 0).Select(row => 100 * Number(row["mean"]))];
        double[] theirs = [.. printed.Value.Split(' ').Select(Number)];
        return new PrintedComparison(
            printed,
            string.Join(' ', ours.Select(value => value.ToString("0", CultureInfo.InvariantCulture))),
            ours.Length == theirs.Length && ours.Zip(theirs, (our, their) => Math.Abs(our - their)).All(difference => difference <= WholePercent + Rounding));
    }

    private static PrintedComparison Cell(PrintedValue printed, List<Dictionary<string, string>> rows)
    {
        string? cell = rows.FirstOrDefault(row => row.ContainsValue(printed.Row))?.GetValueOrDefault(printed.Column);
        if (cell is null || !LeadingNumber().IsMatch(cell))
        {
            return new PrintedComparison(printed, cell, false);
        }

        double ours = Number(LeadingNumber().Match(cell).Value), theirs = Number(LeadingNumber().Match(printed.Value).Value);
        if (printed.Column == "share")
        {
            ours *= 100;
            cell = ours.ToString("0.00", CultureInfo.InvariantCulture);
        }

        Match counts = Counts().Match(printed.Value);
        double tolerance = printed.Value.Contains('.', StringComparison.Ordinal) ? CutOrRounded : 0;
        return new PrintedComparison(
            printed, cell, Math.Abs(ours - theirs) <= tolerance + Rounding && (!counts.Success || cell.Contains(counts.Value, StringComparison.Ordinal)));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^-?\d+(\.\d+)?")]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"\(\d+/\d+\)")]
    private static partial Regex Counts();
}
