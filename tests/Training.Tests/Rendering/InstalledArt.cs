using MiniWorld;
using Training.Rendering;

namespace Training.Tests.Rendering;

/// <summary>The emoji pictures, for tests that draw. Where they are not installed such a test is skipped.</summary>
internal static class InstalledArt
{
    private static readonly Lazy<EmojiArt> Loaded = new(() => EmojiArt.Load(Folder(), Lexicon.Load(LexiconPath)));

    public static string LexiconPath => Path.Combine(AppContext.BaseDirectory, "lexicons", "mini.yaml");

    /// <summary>The folder <c>node_modules</c>.</summary>
    public static string Folder()
    {
        string? folder = ArtFolder.FindOrNull();
        Skip.If(folder is null, "the emoji pictures are not installed: run `npm ci` in src/Training/Art");
        return folder!;
    }

    /// <summary>The pictures of the small world's words, read once.</summary>
    public static EmojiArt Load()
    {
        Folder();
        return Loaded.Value;
    }
}
