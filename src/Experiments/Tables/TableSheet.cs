using System.Globalization;

namespace Experiments.Tables;

/// <summary>A table ready to be written.</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Title">One line above it.</param>
/// <param name="Note">What is counted; what a reader must know.</param>
/// <param name="Columns">The heading of each column.</param>
/// <param name="Rows">The cells, row by row.</param>
internal sealed record TableSheet(
    string Name, string Title, string Note, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Of each column whether it holds numbers alone, which stand best below each other's ends.</summary>
    public IReadOnlyList<bool> NumericColumns => NumericOf(Columns, Rows);

    /// <summary>Whether a column holds numbers alone.</summary>
    /// <param name="column">Its place.</param>
    public bool IsNumeric(int column) => NumericColumns[column];

    /// <summary>The same of any table.</summary>
    public static IReadOnlyList<bool> NumericOf(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows) =>
        [.. columns.Select((_, column) =>
            column > 0 && rows.All(row => row[column] is [(>= '0' and <= '9') or '-' or '+' or '–', ..]))];

    /// <summary>A share as the paper prints it: in percent, cut and not rounded, with the counts behind it.</summary>
    /// <param name="part">How many of them.</param>
    /// <param name="all">How many there are.</param>
    public static string Share(int part, int all) => all == 0 ? "–" : $"{Percent((double)part / all)} ({part}/{all})";

    /// <summary>A share in percent with a decimal, cut and not rounded.</summary>
    /// <param name="share">The share, 0 to 1; null for none.</param>
    public static string Percent(double? share) =>
        share is null ? "–" : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor((share.Value * 1000) + 1e-9) / 10:0.0} %");
}
