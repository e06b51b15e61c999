using Experiments.Figures;

namespace Experiments.Reports;

/// <summary>What a contact strip shows, in words: each row's prompt, and at which layers its images show what it says.</summary>
internal static class StripSummary
{
    public static string Of(ContactSheet sheet) => sheet.Rows.Count == 0 ? "none"
        : string.Join("; ", sheet.Rows.Select(row => $"{row.Label} ({row.Note}){Right(sheet, row)}"));

    private static string Right(ContactSheet sheet, ContactSheetRow row)
    {
        int[] ticked = [.. Enumerable.Range(0, row.Cells.Count).Where(column => row.Cells[column].Right)];
        bool isRun = ticked.Length > 2 && ticked[^1] - ticked[0] == ticked.Length - 1;
        return ticked.Length == 0 ? ""
            : isRun ? $", right from {Name(ticked[0])} to {Name(ticked[^1])}"
            : $", right at {string.Join(", ", ticked.Select(Name))}";

        string Name(int column) => sheet.Columns[column].ToLowerInvariant();
    }
}
