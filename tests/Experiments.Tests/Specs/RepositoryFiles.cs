using MiniWorld;

namespace Experiments.Tests.Specs;

/// <summary>The committed specs and lexicons, as they lie beside the tool.</summary>
internal static class RepositoryFiles
{
    public static string Colors => Experiment("colors");

    public static IEnumerable<string> Experiments =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "experiments"), "*.yaml").Order(StringComparer.Ordinal);

    public static string Experiment(string name) => Path.Combine(AppContext.BaseDirectory, "experiments", $"{name}.yaml");

    public static Lexicon Mini => Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "mini.yaml"));

    public static Lexicon Coco => Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "coco.yaml"));
}
