using DiffusionLens.Configs;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>
/// The fonts in the system's folders, for builds of Skia that do not ask the system (on Linux that needs a library which is not
/// everywhere). They are opened one after another, and only when a letter is drawn that the program's own font lacks.
/// </summary>
internal static class InstalledFonts
{
    private const int MostOfCollection = 16;

    private static readonly string[] Endings = [".ttf", ".otf", ".ttc", ".otc"];

    // Upright print of common weight looks most like the program's own; a font of last resort shows every letter as a box.
    private static readonly string[] Unlike =
        ["lastresort", "bold", "italic", "oblique", "black", "heavy", "light", "thin", "mono", "serif", "condensed", "narrow", "emoji"];

    private static readonly Lazy<string[]> Files = new(() =>
    [
        .. Folders().Distinct().Where(Directory.Exists).SelectMany(FilesIn)
            .OrderBy(Rank).ThenBy(Path.GetFileName, StringComparer.Ordinal).ThenBy(path => path, StringComparer.Ordinal),
    ]);

    private static readonly List<SKTypeface> Opened = [];
    private static readonly Lock Opening = new();
    private static int _next;

    /// <summary>The first font with a letter, those most like the program's own before others; null where none has it.</summary>
    /// <param name="letter">Its code point.</param>
    public static SKTypeface? Having(int letter)
    {
        lock (Opening)
        {
            SKTypeface? having = Opened.Find(typeface => typeface.ContainsGlyph(letter));
            while (having is null && _next < Files.Value.Length)
            {
                List<SKTypeface> some = Open(Files.Value[_next++]);
                Opened.AddRange(some);
                having = some.Find(typeface => typeface.ContainsGlyph(letter));
            }

            return having;
        }
    }

    private static List<SKTypeface> Open(string file)
    {
        int count = file.EndsWith('c') ? MostOfCollection : 1;
        List<SKTypeface> typefaces = [];
        while (typefaces.Count < count && SKTypeface.FromFile(file, typefaces.Count) is { } typeface)
        {
            typefaces.Add(typeface);
        }

        return typefaces;
    }

    private static int Rank(string file) =>
        Unlike.Count(word => Path.GetFileName(file).Contains(word, StringComparison.OrdinalIgnoreCase))
            - (file.Contains("sans", StringComparison.OrdinalIgnoreCase) ? 1 : 0);

    private static IEnumerable<string> Folders()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string shared = Environment.GetEnvironmentVariable("XDG_DATA_DIRS") is { Length: > 0 } set ? set : "/usr/local/share:/usr/share";
        string own =
            Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data : Path.Combine(home, ".local/share");
        return
        [
            Path.Combine(own, "fonts"),
            Path.Combine(home, ".fonts"),
            .. shared.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, "fonts")),
        ];
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        FolderWalk.AllFiles(folder, passesOver: true)
            .Where(path => Endings.Contains(Path.GetExtension(path).ToLowerInvariant()));
}
