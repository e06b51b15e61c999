using System.Globalization;
using CsvHelper;
using DiffusionLens;

namespace Experiments.Answers;

/// <summary>The lines of a table with named columns; what is wrong with a cell is said with file and line.</summary>
internal sealed class AnswerRows
{
    private readonly string _path;
    private readonly CsvReader _csv;

    public AnswerRows(string path, CsvReader csv, IReadOnlyList<string> needed, IReadOnlyList<string> known)
    {
        (_path, _csv) = (path, csv);
        string columns = $"the columns are {string.Join(',', known)}, with commas between them";
        if (needed.FirstOrDefault(name => !csv.Headers.Contains(name)) is string missing)
        {
            throw new BadInputException($"{path}:1: there is no column '{missing}'; {columns}");
        }

        if (csv.Headers.FirstOrDefault(name => !known.Contains(name)) is string unknown)
        {
            throw new BadInputException($"{path}:1: unknown column '{unknown}'; {columns}");
        }

        if (csv.Headers.Count > csv.Headers.Distinct().Count())
        {
            throw new BadInputException($"{path}:1: a column is there twice; {columns}");
        }
    }

    /// <summary>The line that the present row starts on, from 1.</summary>
    public long Line => _csv.LineNumber;

    public bool Next() => _csv.Read();

    public string Text(string column) => _csv.TryGetFieldIndex(column, out int place) ? _csv.GetString(place) : "";

    public int Whole(string column) => int.TryParse(Text(column), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
        ? value
        : throw Wrong(column, "a whole number");

    public double? Number(string column)
    {
        string text = Text(column);
        if (text.Length == 0)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw Wrong(column, "a number with a decimal point, or nothing");
    }

    public bool? YesOrNo(string column) => Text(column).Trim().ToUpperInvariant() switch
    {
        "" => null,
        "1" or "YES" => true,
        "0" or "NO" => false,
        _ => throw Wrong(column, "1, 0, yes, no or nothing"),
    };

    public BadInputException Error(string what) => new($"{_path}:{Line}: {what}");

    private BadInputException Wrong(string column, string right) =>
        Error($"'{Text(column).ReplaceLineEndings(" ")}' in column '{column}'; it takes {right}");
}
