using ScottPlot;

namespace Experiments.Figures;

/// <summary>How the axes of every chart look.</summary>
internal static class ChartAxes
{
    private const float FontSize = 11.5f;

    private static readonly Color Frame = Color.FromHex("#888888");

    /// <summary>Dresses a plot: the embedded typeface, no frame at the top and the right, pale grid lines.</summary>
    public static void Dress(Plot plot)
    {
        plot.Font.Set(EmbeddedFontResolver.Family);
        plot.Axes.Top.IsVisible = plot.Axes.Right.IsVisible = false;
        plot.Grid.MajorLineColor = Color.FromHex("#E4E4E4");
        foreach (IAxis axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left])
        {
            axis.Label.FontSize = FontSize;
            axis.Label.Bold = false;
            axis.Label.ForeColor = axis.TickLabelStyle.ForeColor = Color.FromSKColor(ChartHeading.Ink);
            axis.TickLabelStyle.FontSize = FontSize;
            axis.FrameLineStyle.Color = axis.MajorTickStyle.Color = Frame;
        }
    }
}
