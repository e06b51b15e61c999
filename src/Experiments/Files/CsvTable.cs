using CsvHelper;
using DiffusionLens;
using DiffusionLens.Configs;

namespace Experiments.Files;

/// <summary>Comma-separated tables as this program writes them: UTF-8, a header, line feeds, and the same bytes on every system.</summary>
internal static class CsvTable
{
    private static readonly CsvWriterOptions Options = new() { NewLine = "\n" };

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be read, or is no table; names file and line.</exception>
    public static T Read<T>(string path, CsvReaderOptions options, Func<CsvReader, T> read)
    {
        InputFile.Require(path);
        try
        {
            using CsvReader csv = CsvReader.FromFile(path, options);
            return read(csv);
        }
        catch (CsvFormatException problem)
        {
            string line = problem.LineNumber > 0 ? $":{problem.LineNumber}" : "";
            throw new BadInputException($"{path}{line}: {problem.Message.ReplaceLineEndings(" ")}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({SystemFailure.ReasonOf(problem)})", problem);
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
