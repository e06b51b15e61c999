namespace Experiments.Figures;

/// <summary>Says once what will not be legible in what is drawn.</summary>
internal static class TypefaceNote
{
    private const int Shown = 8;

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
