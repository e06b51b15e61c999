using Experiments.Specs;
using MiniWorld;

namespace Experiments.Tests.Specs;

/// <summary>The committed specs and lexicons, as they lie beside the tool.</summary>
internal static class Files
{
    public static string Colors => Path.Combine(AppContext.BaseDirectory, "experiments", "colors.yaml");

    public static Lexicon Mini => Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "mini.yaml"));

    public static Lexicon Coco => Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "coco.yaml"));
}
