using DiffusionLens.Weights.SingleFiles;

namespace Experiments.Models;

/// <summary>What was taken for true of a model in a single file, as the user is told it.</summary>
internal static class AssumptionText
{
    /// <summary>A line for each reason.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<Assumption> assumed) =>
        [
            .. assumed.GroupBy(one => one.Source)
                .Select(group => $"{string.Join("; ", group.Select(one => $"{one.What} {one.Value}"))} ({group.Key})"),
        ];

    /// <summary>Writes them where the facts of a run stand.</summary>
    public static void Write(IReadOnlyList<Assumption> assumed, TextWriter output)
    {
        string heading = "assumed";
        foreach (string line in Lines(assumed))
        {
            output.WriteLine($"{heading,-12}{line}");
            heading = "";
        }
    }
}
