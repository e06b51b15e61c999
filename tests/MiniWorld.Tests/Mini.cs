namespace MiniWorld.Tests;

/// <summary>The repository's own lexicon, copied beside the tests.</summary>
internal static class Mini
{
    public static Lexicon Lexicon { get; } = Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "mini.yaml"));
}
