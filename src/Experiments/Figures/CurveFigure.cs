using Experiments.Specs;

namespace Experiments.Figures;

/// <summary><c>kind: curves</c>: layer on x, percentage of rows on y.</summary>
internal sealed class CurveFigure : IFigureKind
{
    public string Name => FigureSpec.DefaultKind;

    public string Uncertainty(FigureContent content) =>
        (content.Seeds > 1 ? $"; bars: s.d. over {content.Seeds} seeds" : "") + "; bands: 95\u00A0% over prompts";

    public string? Corrected => "dotted, with whiskers of 95\u00A0%";

    public Chart Chart(FigureContent content, string note) =>
        new CurveChart(content.Figure.Title, note, content.ShareAxis, content.Curves, content.LastLayer).Chart;
}
