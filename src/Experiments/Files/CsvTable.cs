using CsvHelper;

namespace Experiments.Files;

/// <summary>Comma-separated tables as this program writes them: UTF-8, a header, line feeds, and the same bytes on every system.</summary>
internal static class CsvTable
{
    private static readonly CsvWriterOptions Options = new() { NewLine = "\n" };

    /// <summary>Writes a table, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The header.</param>
    /// <param name="rows">The lines, with a cell a column.</param>
    /// <exception cref="DiffusionLens.BadInputException">The file cannot be written.</exception>
    public static void Write(string path, string[] columns, IEnumerable<string[]> rows) => AtomicFile.Write(path, stream =>
    {
        using CsvWriter csv = CsvWriter.Create(stream, Options, leaveOpen: true);
        csv.WriteRecord(columns);
        foreach (string[] row in rows)
        {
            csv.WriteRecord(row);
        }
    });
}
