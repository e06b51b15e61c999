using System.Globalization;
using System.Text.RegularExpressions;
using Experiments.Results;
using Experiments.Tables;

namespace Experiments.Paper;

/// <summary>A printed value beside ours.</summary>
/// <param name="Printed">What the paper prints.</param>
/// <param name="Ours">Ours; null where it is not there.</param>
/// <param name="Agrees">Whether they are the same: counts and curves to the digit, percents of tables to what their last
/// digit can say (cut or rounded).</param>
internal sealed partial record PrintedComparison(PrintedValue Printed, string? Ours, bool Agrees)
{
    // The paper cuts in its tables and sometimes rounds: one unit of the last digit printed.
    private const double CutOrRounded = 0.1, Rounding = 1e-6;

    /// <summary>Compares a printed value with what the released answers give.</summary>
    /// <param name="file">The figure or table.</param>
    /// <param name="results">The folder of results.</param>
    public static PrintedComparison Of(ResultFile file, PrintedValue printed, ResultsRoot results)
    {
        string? ours = ValueOf(file, printed, results, printed.Model);
        return new PrintedComparison(
            printed,
            ours,
            ours is not null && (printed.IsCurve ? ours == printed.Value : CellsAgree(printed.Value, ours)));
    }

    /// <summary>The value of any model that stands where a printed one does.</summary>
    /// <param name="file">The figure or table.</param>
    /// <param name="results">The folder of results.</param>
    /// <returns>A curve as whole percents by layer, a cell as it is; null where there is none.</returns>
    public static string? ValueOf(ResultFile file, PrintedValue printed, ResultsRoot results, string model)
    {
        string path = file.PathOf(results, model, "csv");
        if (!File.Exists(path))
        {
            return null;
        }

        ResultTable table = ResultTable.Read(path);
        if (printed.IsCurve)
        {
            double[] curve =
            [
                .. table
                    .Where("curve", printed.Row)
                    .Select(row => table.Cell(row, "mean"))
                    .Where(mean => mean.Length > 0)
                    .Select(mean => 100 * Number(mean)),
            ];
            return curve.Length == 0
                ? null
                : string.Join(' ', curve.Select(percent => percent.ToString("0", CultureInfo.InvariantCulture)));
        }

        string? cell = table.Rows.FirstOrDefault(row => row.Contains(printed.Row)) is { } found ? table.Cell(found, printed.Column) : null;
        return cell is null || !LeadingNumber().IsMatch(cell) ? null
            : printed.Column == "share" ? (100 * Number(cell)).ToString("0.00", CultureInfo.InvariantCulture)
            : cell;
    }

    private static bool CellsAgree(string printed, string ours)
    {
        double mine = Number(LeadingNumber().Match(ours).Value), theirs = Number(LeadingNumber().Match(printed).Value);
        Match counts = Counts().Match(printed);
        double tolerance = printed.Contains('.', StringComparison.Ordinal) ? CutOrRounded : 0;
        return Math.Abs(mine - theirs) <= tolerance + Rounding
            && (!counts.Success || ours.Contains(counts.Value, StringComparison.Ordinal));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]+)?")]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"\([0-9]+/[0-9]+\)")]
    private static partial Regex Counts();
}
