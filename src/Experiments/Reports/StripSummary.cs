using Experiments.Figures;

namespace Experiments.Reports;

/// <summary>What a contact strip shows, in words: each row's prompt, and at which layers its images are ticked.</summary>
internal static class StripSummary
{
    public static string Of(ContactSheet sheet) => string.Join("; ", sheet.Rows.Select(row => $"{row.Label} ({row.Note}){Ticked(sheet, row)}"));

    private static string Ticked(ContactSheet sheet, ContactSheetRow row)
    {
        int[] ticked = [.. Enumerable.Range(0, row.Cells.Count).Where(column => row.Cells[column].Right)];
        bool isRun = ticked.Length > 2 && ticked[^1] - ticked[0] == ticked.Length - 1;
        return ticked.Length == 0 ? ""
            : isRun ? $", ticked from {Name(ticked[0])} to {Name(ticked[^1])}"
            : $", ticked at {string.Join(", ", ticked.Select(Name))}";

        string Name(int column) => sheet.Columns[column].ToLowerInvariant();
    }
}
