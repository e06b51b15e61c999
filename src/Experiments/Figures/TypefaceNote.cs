using Experiments.Specs;

namespace Experiments.Figures;

/// <summary>Says once what will not be legible in what is drawn.</summary>
internal static class TypefaceNote
{
    private const int Shown = 8;

    /// <summary>What a spec's figures and strips say.</summary>
    public static IEnumerable<string> TextsOf(Spec spec) =>
    [
        .. spec.Figures.SelectMany(figure => figure.Curves.Select(curve => curve.Label).Append(figure.Title)),
        .. spec.Strips.Select(strip => strip.Title),
        .. spec.Conditions.Select(condition => condition.Name),
    ];

    /// <summary>Says which letters of the texts no font of this machine has; nothing where it has all.</summary>
    /// <param name="texts">What will be drawn.</param>
    /// <param name="error">Where to.</param>
    public static void Tell(IEnumerable<string> texts, TextWriter error)
    {
        IReadOnlyList<string> lacking = Typefaces.Lacking(texts);
        if (lacking.Count > 0)
        {
            error.WriteLine(
                $"titles: no font here has {string.Concat(lacking.Take(Shown))}{(lacking.Count > Shown ? "..." : "")}, "
                    + "so '?' stands there; the images are the same; install a font that has them, such as Noto Sans of their script");
        }
    }
}
