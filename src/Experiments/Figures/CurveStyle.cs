using Experiments.Specs;
using ScottPlot;

namespace Experiments.Figures;

/// <summary>How a curve is drawn.</summary>
/// <param name="Marker">The sign at its layers.</param>
/// <param name="Dashed">Dashed with open signs, for curves that count any of several answers; else solid, for all of them.</param>
internal sealed record CurveStyle(Color Color, MarkerShape Marker, bool Dashed)
{
    // Okabe and Ito's colors, which people with any of the common color-vision deficiencies tell apart; yellow, which does not show
    // on white, is left out. The signs tell curves apart in black and white.
    private static readonly (Color Color, MarkerShape Marker)[] Signs =
    [
        (Color.FromHex("#0072B2"), MarkerShape.FilledCircle),
        (Color.FromHex("#D55E00"), MarkerShape.FilledSquare),
        (Color.FromHex("#009E73"), MarkerShape.FilledTriangleUp),
        (Color.FromHex("#CC79A7"), MarkerShape.FilledDiamond),
        (Color.FromHex("#E69F00"), MarkerShape.FilledTriangleDown),
        (Color.FromHex("#56B4E9"), MarkerShape.FilledCircle),
        (Color.FromHex("#000000"), MarkerShape.FilledSquare),
    ];

    /// <summary>The color of the one or other of several things; after seven they come again.</summary>
    public static Color ColorOf(int number) => Signs[number % Signs.Length].Color;

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
            (Color color, MarkerShape marker) = Signs[subjects.IndexOf(Subject(curve)) % Signs.Length];
            return new CurveStyle(color, marker, curve.Over.Any(part => !part.Rule.All));
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
