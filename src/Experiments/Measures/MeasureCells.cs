using System.Globalization;
using CsvHelper;
using DiffusionLens;

namespace Experiments.Measures;

/// <summary>A line of <c>measures.csv</c>; what is wrong with a cell is said with file and line.</summary>
internal sealed class MeasureCells(string path, CsvReader csv)
{
    public bool Has(string column) => csv.Headers.Contains(column);

    public string Text(string column) => csv.TryGetFieldIndex(column, out int place) ? csv.GetString(place) : "";

    public int Whole(string column) =>
        int.TryParse(Text(column), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Wrong(column, "a whole number");

    public double? Number(string column)
    {
        string text = Text(column);
        return text.Length == 0 ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
            : throw Wrong(column, "a number or nothing");
    }

    private BadInputException Wrong(string column, string right) =>
        new($"{path}:{csv.LineNumber}: '{Text(column).ReplaceLineEndings(" ")}' in column '{column}'; it takes {right}");
}
