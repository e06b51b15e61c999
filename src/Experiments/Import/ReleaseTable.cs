using System.Globalization;
using CsvHelper;
using DiffusionLens;
using Experiments.Files;

namespace Experiments.Import;

/// <summary>One row of a table of the release.</summary>
/// <param name="Prompt">The prompt, without blanks around it.</param>
/// <param name="Cells">The cell of each layer, as it stands.</param>
internal sealed record ReleaseRow(string Prompt, ulong Seed, IReadOnlyList<(int Layer, string Text)> Cells);

/// <summary>A table of the release: a prompt, a column a layer, the seed.</summary>
internal static class ReleaseTable
{
    private const string PromptColumn = "prompt", SeedColumn = "seed";

    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        TrackLineNumbers = true,
    };

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It is no such table; names file and line.</exception>
    public static IReadOnlyList<ReleaseRow> Read(string path) => CsvTable.Read(path, Options, csv =>
    {
        (int Layer, int Index)[] layers = Layers(path, csv);
        List<ReleaseRow> rows = [];
        while (csv.Read())
        {
            rows.Add(new ReleaseRow(
                Cell(csv, PromptColumn).Trim(),
                Seed(path, csv),
                [.. layers.Select(layer => (layer.Layer, csv.GetString(layer.Index)))]));
        }

        return rows;
    });

    private static (int Layer, int Index)[] Layers(string path, CsvReader csv)
    {
        const string Right = "the columns are prompt, a number for each layer, and seed";
        List<(int, int)> layers = [];
        foreach (string header in csv.Headers.Where(header => header is not (PromptColumn or SeedColumn)))
        {
            layers.Add(
                int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
                && csv.TryGetFieldIndex(header, out int index)
                    ? (layer, index)
                    : throw new BadInputException($"{path}:1: '{header}' is no layer; {Right}"));
        }

        return csv.Headers.Contains(PromptColumn) && csv.Headers.Contains(SeedColumn) && layers.Count > 0
            ? [.. layers]
            : throw new BadInputException($"{path}:1: {Right}");
    }

    private static string Cell(CsvReader csv, string column) => csv.TryGetFieldIndex(column, out int index) ? csv.GetString(index) : "";

    // Seeds are written 0 and 0.0.
    private static ulong Seed(string path, CsvReader csv) =>
        double.TryParse(Cell(csv, SeedColumn), NumberStyles.Float, CultureInfo.InvariantCulture, out double seed)
        && seed >= 0
        && seed == Math.Floor(seed)
        && seed < int.MaxValue
            ? (ulong)seed
            : throw new BadInputException(
                $"{path}:{csv.LineNumber}: '{Cell(csv, SeedColumn).ReplaceLineEndings(" ")}' is no seed; it takes a whole number");
}
