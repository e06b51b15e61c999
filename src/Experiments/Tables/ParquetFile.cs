using Experiments.Files;
using Parquet;
using Parquet.Schema;

namespace Experiments.Tables;

/// <summary>Tables as Parquet files.</summary>
internal static class ParquetFile
{
    private const int LinesAGroup = 100_000;

    /// <summary>Writes a table, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns, in their order.</param>
    /// <param name="rows">What the lines are made from.</param>
    /// <returns>The file with its number of lines.</returns>
    /// <exception cref="DiffusionLens.BadInputException">The file cannot be written.</exception>
    public static (string Path, int Lines) Write<TRow>(
        string path, IReadOnlyList<ParquetColumn<TRow>> columns, IReadOnlyList<TRow> rows)
    {
        AtomicFile.Write(path, stream => Write(stream, columns, rows).GetAwaiter().GetResult());
        return (path, rows.Count);
    }

    private static async Task Write<TRow>(Stream stream, IReadOnlyList<ParquetColumn<TRow>> columns, IReadOnlyList<TRow> rows)
    {
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(columns.Select(column => column.Field)), stream).ConfigureAwait(false);
        foreach (TRow[] some in rows.Chunk(LinesAGroup))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            foreach (ParquetColumn<TRow> column in columns)
            {
                await column.Write(group, some).ConfigureAwait(false);
            }
        }
    }
}
