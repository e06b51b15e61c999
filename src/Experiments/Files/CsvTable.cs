using CsvHelper;
using DiffusionLens;
using DiffusionLens.Configs;

namespace Experiments.Files;

/// <summary>Comma-separated tables as this program writes them: UTF-8, a header, line feeds, and the same bytes on every system.</summary>
internal static class CsvTable
{
    private static readonly CsvWriterOptions Options = new() { NewLine = "\n" };

    private static readonly CsvReaderOptions Strict = new()
    {
        Separator = ',',
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        TrackLineNumbers = true,
    };

    /// <summary>Reads a table that others wrote, as leniently as the options say.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be read, or is no table; names file and line.</exception>
    public static T Read<T>(string path, CsvReaderOptions options, Func<CsvReader, T> read)
    {
        InputFile.Require(path);
        try
        {
            return Located(path, () => CsvReader.FromFile(path, options), read);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({SystemFailure.ReasonOf(problem)})", problem);
        }
    }

    /// <summary>Reads a table as this program writes them: in UTF-8, with commas, each line with a cell a column.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Takes the lines; it knows their numbers.</param>
    /// <exception cref="BadInputException">The file cannot be read, or is no such table; names file and line.</exception>
    public static T Read<T>(string path, Func<CsvReader, T> read) =>
        Located(path, () => CsvReader.FromText(Utf8Text.ReadFile(path), Strict), read);

    /// <summary>Refuses a table that lacks a column.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">What it needs.</param>
    /// <param name="right">What would be right, as the end of a sentence.</param>
    /// <exception cref="BadInputException">It lacks one.</exception>
    public static void RequireColumns(string path, CsvReader csv, IEnumerable<string> columns, string right)
    {
        if (columns.FirstOrDefault(column => !csv.Headers.Contains(column)) is string missing)
        {
            throw new BadInputException($"{path}:1: there is no column '{missing}'; {right}");
        }
    }

    private static T Located<T>(string path, Func<CsvReader> open, Func<CsvReader, T> read)
    {
        try
        {
            using CsvReader csv = open();
            return read(csv);
        }
        catch (CsvFormatException problem)
        {
            string line = problem.LineNumber > 0 ? $":{problem.LineNumber}" : "";
            throw new BadInputException($"{path}{line}: {problem.Message.ReplaceLineEndings(" ")}", problem);
        }
    }

    /// <summary>Writes a table, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The header.</param>
    /// <param name="rows">The lines, with a cell a column.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
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
