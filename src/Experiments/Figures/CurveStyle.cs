using Experiments.Specs;
using ScottPlot;

namespace Experiments.Figures;

/// <summary>How a curve is drawn.</summary>
/// <param name="Marker">The sign at its layers.</param>
/// <param name="Dashed">Dashed with open signs, for curves that count any of several answers; else solid, for all of them.</param>
internal sealed record CurveStyle(Color Color, MarkerShape Marker, bool Dashed)
{
    // Okabe and Ito's colors, which people with any of the common color-vision deficiencies tell apart; yellow, which does not show
    // on white, is left out.
    private static readonly Color[] Colors =
    [
        Color.FromHex("#0072B2"),
        Color.FromHex("#D55E00"),
        Color.FromHex("#009E73"),
        Color.FromHex("#CC79A7"),
        Color.FromHex("#E69F00"),
        Color.FromHex("#56B4E9"),
        Color.FromHex("#000000"),
    ];

    // They tell curves apart in black and white. Colors and signs come round after different numbers, which have no divisor in common, so
    // that the first 35 curves have each their own pair.
    private static readonly MarkerShape[] Signs =
    [
        MarkerShape.FilledCircle,
        MarkerShape.FilledSquare,
        MarkerShape.FilledTriangleUp,
        MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown,
    ];

    /// <summary>The color of the one or other of several things; after seven they come again.</summary>
    public static Color ColorOf(int number) => Colors[number % Colors.Length];

    /// <summary>
    /// The styles of all curves of a spec. Curves that ask the same questions have the same color in every figure, also of different
    /// conditions unless a figure shows these side by side; which color follows from the order in which the spec brings them up.
    /// </summary>
    /// <param name="figures">The spec's figures.</param>
    public static Func<CurveSpec, CurveStyle> For(IEnumerable<FigureSpec> figures)
    {
        FigureSpec[] all = [.. figures];
        HashSet<string> compared =
        [
            .. all.SelectMany(figure =>
                figure
                    .Curves.Select(curve => (Questions: Questions(curve), Conditions: Conditions(curve)))
                    .Distinct()
                    .GroupBy(curve => curve.Questions)
                    .Where(same => same.Count() > 1)
                    .Select(same => same.Key)),
        ];
        List<string> subjects = [.. all.SelectMany(figure => figure.Curves).Select(Subject).Distinct()];
        return curve =>
        {
            int number = subjects.IndexOf(Subject(curve));
            return new CurveStyle(ColorOf(number), Signs[number % Signs.Length], curve.Over.Any(part => !part.Rule.All));
        };

        string Subject(CurveSpec curve) =>
            compared.Contains(Questions(curve)) ? $"{Conditions(curve)}: {Questions(curve)}" : Questions(curve);
    }

    private static string Questions(CurveSpec curve) => string.Join(
        '|', curve.Over.Select(part => (part.IsNegated ? "not " : "") + string.Join(',', part.Rule.Questions)));

    private static string Conditions(CurveSpec curve) =>
        string.Join('|', curve.Over.Select(part => $"{part.Condition}{(part.Token is int token ? $" {token}" : "")}"))
            + (curve.Representative is { } tokens ? $" {tokens.Label}" : "");
}
