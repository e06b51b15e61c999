namespace Experiments.Verify;

/// <summary>What a check found.</summary>
/// <param name="File">The golden file.</param>
/// <param name="Recipe">The run.</param>
/// <param name="Compared">How many tensors were compared.</param>
/// <param name="Drifts">Those that are not what they were, in the order of the computation: the first one is where to look.</param>
internal sealed record GoldenOutcome(string File, GoldenRecipe Recipe, int Compared, IReadOnlyList<TensorKey> Drifts)
{
    /// <summary>Whether all is as it was.</summary>
    public bool Holds => Drifts.Count == 0;

    /// <summary>The finding in one line.</summary>
    public string Summary => Holds
        ? $"{File}: all {Compared} tensors are what they were"
        : $"{File}: {Drifts.Count} of {Compared} tensors have drifted; the first is the {Drifts[0]} "
            + $"for \"{Recipe.Prompts[Drifts[0].Prompt]}\"";
}
