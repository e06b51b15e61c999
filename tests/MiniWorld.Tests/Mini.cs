namespace MiniWorld.Tests;

/// <summary>The repository's own lexicon, copied beside the tests.</summary>
internal static class Mini
{
    public static string LexiconPath { get; } = Path.Combine(AppContext.BaseDirectory, "lexicons", "mini.yaml");

    public static Lexicon Lexicon { get; } = Lexicon.Load(LexiconPath);
}
