using System.Globalization;
using CsvHelper;
using Experiments.Files;

namespace Experiments.Figures;

/// <summary>A figure for those who cannot see it: what each curve comes from and goes to.</summary>
internal static class FigureInWords
{
    private static readonly string[] Needed = ["curve", "layer", "mean"];

    /// <summary>A sentence or two, fit for the text of an image in Markdown.</summary>
    /// <param name="title">The figure's title.</param>
    /// <param name="model">Whose it is.</param>
    /// <param name="numbers">The CSV that it was drawn from; where it has no curves over layers, the title alone is said.</param>
    /// <exception cref="DiffusionLens.BadInputException">The file cannot be read.</exception>
    public static string Say(string title, string model, string numbers)
    {
        IReadOnlyList<CurvePoint> points = CsvTable.Read(numbers, new CsvReaderOptions { Separator = ',' }, Points);
        string[] curves =
        [
            .. points.GroupBy(point => point.Curve).Select(curve =>
            {
                CurvePoint first = curve.MinBy(point => point.Layer)!, last = curve.MaxBy(point => point.Layer)!;
                return first.Layer == last.Layer
                    ? Invariant($"{curve.Key} {100 * first.Mean:0} %")
                    : Invariant($"{curve.Key} {100 * first.Mean:0} % at layer {first.Layer}, {100 * last.Mean:0} % at layer {last.Layer}");
            }),
        ];
        string said = $"{title}, {model}{(curves.Length > 0 ? ": " : "")}{string.Join("; ", curves)}";
        return said.Replace("[", "(", StringComparison.Ordinal).Replace("]", ")", StringComparison.Ordinal)
            .Replace("|", "/", StringComparison.Ordinal).ReplaceLineEndings(" ");
    }

    private static IReadOnlyList<CurvePoint> Points(CsvReader csv)
    {
        List<CurvePoint> points = [];
        while (Needed.All(csv.Headers.Contains) && csv.Read())
        {
            if (csv.GetString("mean").Length > 0)
            {
                points.Add(new CurvePoint(csv.GetString("curve"), csv.Parse<int>("layer"), csv.Parse<double>("mean")));
            }
        }

        return points;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record CurvePoint(string Curve, int Layer, double Mean);
}
