using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Figures;

/// <summary>The kinds of figures there are.</summary>
internal static class FigureKinds
{
    private static readonly IFigureKind[] All = [new CurveFigure(), new BarFigure(), new HeatmapFigure(), new HistogramFigure()];

    /// <exception cref="BadInputException">There is none of that name.</exception>
    public static IFigureKind Of(FigureSpec figure) => Array.Find(All, kind => kind.Name == figure.Kind)
        ?? throw figure.KindLocation.Unknown(figure.Kind, "kind of figure", All.Select(kind => kind.Name));

    /// <summary>Finds out before any work whether all figures of a spec can be drawn.</summary>
    /// <exception cref="BadInputException">One is of no kind there is.</exception>
    public static void Require(Spec spec)
    {
        foreach (FigureSpec figure in spec.Figures)
        {
            Of(figure);
        }
    }
}
