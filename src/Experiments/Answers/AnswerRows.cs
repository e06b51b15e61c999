using System.Globalization;
using CsvHelper;
using DiffusionLens;

namespace Experiments.Answers;

/// <summary>
/// The lines of a table with named columns, as people and spreadsheets leave them: lines without anything in them are passed over. What is
/// wrong with a cell is said with file and line.
/// </summary>
internal sealed class AnswerRows
{
    private static readonly Dictionary<string, bool> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["yes"] = true,
        ["true"] = true,
        ["y"] = true,
        ["no"] = false,
        ["false"] = false,
        ["n"] = false,

        // What spreadsheets of other languages make of TRUE and FALSE.
        ["wahr"] = true,
        ["vrai"] = true,
        ["verdadero"] = true,
        ["verdadeiro"] = true,
        ["vero"] = true,
        ["waar"] = true,
        ["falsch"] = false,
        ["faux"] = false,
        ["falso"] = false,
        ["onwaar"] = false,
    };

    private readonly string _path;
    private readonly CsvReader _csv;
    private readonly SpreadsheetText _source;
    private readonly Dictionary<string, int> _places = [];

    /// <summary>Reads the headings.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="csv">Its lines.</param>
    /// <param name="source">How they are written.</param>
    /// <param name="needed">Columns that must be there.</param>
    /// <param name="known">All columns, each with an earlier name of it or null.</param>
    /// <exception cref="BadInputException">A column is missing, unknown or twice there.</exception>
    public AnswerRows(
        string path,
        CsvReader csv,
        SpreadsheetText source,
        IReadOnlyList<string> needed,
        IReadOnlyDictionary<string, string?> known)
    {
        (_path, _csv, _source) = (path, csv, source);
        string columns = $"the columns are {string.Join(',', known.Keys)}, with commas, semicolons or tabs between them";
        for (int i = 0; i < csv.Headers.Count; i++)
        {
            string heading = csv.Headers[i].Trim();
            string name = heading.ToLowerInvariant().Replace(' ', '_');
            string? column = known.FirstOrDefault(entry => entry.Key == name || entry.Value == name).Key;
            if (column is null && heading.Length > 0)
            {
                throw new BadInputException($"{path}:{source.LinesBefore + 1}: unknown column '{heading}'; {columns}");
            }

            if (column is not null && !_places.TryAdd(column, i))
            {
                throw new BadInputException($"{path}:{source.LinesBefore + 1}: a column is there twice; {columns}");
            }
        }

        if (needed.FirstOrDefault(name => !_places.ContainsKey(name)) is string missing)
        {
            throw new BadInputException($"{path}:{source.LinesBefore + 1}: there is no column '{missing}'; {columns}");
        }
    }

    /// <summary>The line that the present row starts on, from 1.</summary>
    public long Line => _csv.LineNumber + _source.LinesBefore;

    /// <summary>Goes on to the next row that has anything in it.</summary>
    public bool Next()
    {
        while (_csv.Read())
        {
            if (Enumerable.Range(0, _csv.FieldCount).All(i => _csv.GetString(i).Trim().Length == 0))
            {
                continue;
            }

            return _csv.FieldCount == _csv.Headers.Count
                ? true
                : throw Error($"has {_csv.FieldCount} cells, and there are {_csv.Headers.Count} columns");
        }

        return false;
    }

    /// <summary>A cell as it stands; empty where the table lacks the column.</summary>
    public string Text(string column) => _places.TryGetValue(column, out int place) ? _csv.GetString(place) : "";

    /// <summary>A cell with a whole number.</summary>
    public int Whole(string column) =>
        Decimal(Text(column)) is { } number && number == decimal.Truncate(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw Wrong(column, "a whole number");

    /// <summary>A cell with a seed.</summary>
    public ulong Seed(string column) => ulong.TryParse(Text(column).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
        ? seed
        : Decimal(Text(column)) is >= 0 and <= ulong.MaxValue and { } number && number == decimal.Truncate(number) ? (ulong)number
        : throw Wrong(column, "a whole number");

    /// <summary>A cell with a number, or nothing.</summary>
    public double? Number(string column)
    {
        string text = Text(column).Trim();
        return text.Length == 0 ? null
            : double.TryParse(WithPoint(text), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                ? value
            : throw Wrong(column, "a number with a decimal point, or nothing");
    }

    /// <summary>A cell with yes or no, or nothing.</summary>
    public bool? YesOrNo(string column)
    {
        string text = Text(column).Trim();
        return text.Length == 0 ? null
            : Words.TryGetValue(text, out bool word) ? word
            : Decimal(text.Replace(',', '.')) switch
            {
                1 => true,
                0 => false,
                _ => throw Wrong(column, "1, 0, yes, no, true, false or nothing"),
            };
    }

    /// <summary>A cell with a time, or nothing.</summary>
    public DateTimeOffset? Time(string column)
    {
        string text = Text(column).Trim();
        return text.Length == 0 ? null
            : AnswerTime.Read(text) ?? throw Wrong(column, "a time such as 2026-11-27T14:05:25Z, or nothing");
    }

    /// <summary>A cell with something of a form, or nothing.</summary>
    public string Form(string column, Func<string, bool> isOne, string right)
    {
        string text = Text(column).Trim();
        return text.Length == 0 || isOne(text) ? text : throw Wrong(column, right);
    }

    /// <summary>What is wrong with the present row.</summary>
    public BadInputException Error(string what) => new($"{_path}:{Line}: {what}");

    private BadInputException Wrong(string column, string right) =>
        Error($"'{Text(column).ReplaceLineEndings(" ")}' in column '{column}'; it takes {right}");

    private decimal? Decimal(string text) =>
        decimal.TryParse(
            WithPoint(text.Trim()),
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out decimal value)
            ? value
            : null;

    // Where commas do not stand between columns they may stand for decimal points.
    private string WithPoint(string number) => _source.Separator == ',' ? number : number.Replace(',', '.');
}
