using Parquet;
using Parquet.Schema;

namespace Experiments.Tables;

/// <summary>A column of a Parquet file: its name and type, and how its values are written.</summary>
/// <typeparam name="TRow">What a line is made from.</typeparam>
internal abstract class ParquetColumn<TRow>
{
    /// <summary>Name and type.</summary>
    public abstract DataField Field { get; }

    /// <summary>Writes the column of some lines.</summary>
    public abstract Task Write(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows);

    /// <summary>Words, never null.</summary>
    public static ParquetColumn<TRow> Text(string name, Func<TRow, string> cell) => new TextColumn(name, cell);

    /// <summary>Numbers, truth values or times, never null.</summary>
    public static ParquetColumn<TRow> Values<T>(string name, Func<TRow, T> cell)
        where T : struct => new ValueColumn<T>(name, cell);

    /// <summary>The same, null where there is none.</summary>
    public static ParquetColumn<TRow> Optional<T>(string name, Func<TRow, T?> cell)
        where T : struct => new OptionalColumn<T>(name, cell);

    private sealed class TextColumn(string name, Func<TRow, string> cell) : ParquetColumn<TRow>
    {
        public override DataField Field { get; } = new(name, typeof(string), isNullable: false);

        public override Task Write(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows)
            => group.WriteAsync(Field, (string[])[.. rows.Select(cell)]);
    }

    private sealed class ValueColumn<T>(string name, Func<TRow, T> cell) : ParquetColumn<TRow>
        where T : struct
    {
        public override DataField Field { get; } = new(name, typeof(T), isNullable: false);

        public override Task Write(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows)
            => group.WriteAsync<T>(Field, (T[])[.. rows.Select(cell)]);
    }

    private sealed class OptionalColumn<T>(string name, Func<TRow, T?> cell) : ParquetColumn<TRow>
        where T : struct
    {
        public override DataField Field { get; } = new(name, typeof(T), isNullable: true);

        public override Task Write(ParquetRowGroupWriter group, IReadOnlyList<TRow> rows)
            => group.WriteAsync<T>(Field, (T?[])[.. rows.Select(cell)]);
    }
}
