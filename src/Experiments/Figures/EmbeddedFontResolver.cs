using ScottPlot;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>Gives ScottPlot the embedded typeface.</summary>
internal sealed class EmbeddedFontResolver : IFontResolver
{
    /// <summary>The family name to ask ScottPlot for.</summary>
    public const string Family = "Inter";

    static EmbeddedFontResolver() => Fonts.FontResolvers.Insert(0, new EmbeddedFontResolver());

    private EmbeddedFontResolver()
    {
    }

    /// <summary>Lets ScottPlot know of the typeface, once.</summary>
    public static void Register()
    {
        // The static constructor has done it.
    }

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, weight >= FontWeight.SemiBold, italic: false);

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        fontName == Family ? bold ? Typefaces.SemiBold : Typefaces.Regular : null;
}
