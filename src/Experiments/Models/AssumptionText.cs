using DiffusionLens.Weights.SingleFiles;

namespace Experiments.Models;

/// <summary>What was taken for true of a model in a single file, as the user is told it.</summary>
internal static class AssumptionText
{
    /// <summary>Writes them where the facts of a run stand.</summary>
    public static void Write(IReadOnlyList<Assumption> assumed, TextWriter output)
    {
        string heading = "assumed";
        foreach (string line in Assumption.Lines(assumed))
        {
            output.WriteLine($"{heading,-12}{line}");
            heading = "";
        }
    }
}
