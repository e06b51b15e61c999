using ScottPlot;

namespace Experiments.Figures;

/// <summary>
/// Colors for shares from 0 to 1: the nine blues of ColorBrewer (Harrower and Brewer 2003), from light to dark. One hue that only grows
/// darker is read alike with any color vision, and in gray.
/// </summary>
internal static class ShareColors
{
    // From here on white print has more contrast than dark print.
    private const double Dark = 0.56;

    private static readonly Color[] Stops =
    [
        .. ((string[])["#F7FBFF", "#DEEBF7", "#C6DBEF", "#9ECAE1", "#6BAED6", "#4292C6", "#2171B5", "#08519C", "#08306B"])
            .Select(Color.FromHex),
    ];

    /// <summary>The color of a cell without a share.</summary>
    public static Color None { get; } = Color.FromHex("#EDEAE4");

    /// <param name="share">0 to 1.</param>
    public static Color Of(double share)
    {
        double place = Math.Clamp(share, 0, 1) * (Stops.Length - 1);
        int below = Math.Min((int)place, Stops.Length - 2);
        return Stops[below].MixedWith(Stops[below + 1], place - below);
    }

    /// <summary>Whether print on it is white.</summary>
    /// <param name="share">0 to 1.</param>
    public static bool IsDark(double share) => share > Dark;
}
