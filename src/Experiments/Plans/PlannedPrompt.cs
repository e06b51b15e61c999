using DiffusionLens;

namespace Experiments.Plans;

/// <summary>A prompt of the experiment.</summary>
internal sealed record PlannedPrompt
{
    /// <summary>Its number within the plan, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The name of its condition.</summary>
    public required string Condition { get; init; }

    /// <summary>What the model is given.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// Where its images go, below <c>images/</c>: for example <c>two-colors/003-a-red-car-and-a-blue-star</c>. Safe on any file system, and
    /// no two differ in case alone.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>The word in each slot, by the slot's name.</summary>
    public required IReadOnlyDictionary<string, string> Words { get; init; }

    /// <summary>Where the lens looks, but for the layer: one site, or one for each token of a word.</summary>
    public IReadOnlyList<LensSite> Sites { get; init; } = [new(Layer: 0)];

    /// <summary>What is done to its masks, its length and its padding.</summary>
    public TextHandling Handling { get; init; } = TextHandling.Native;

    /// <summary>
    /// The end of it that the model's text encoders do not read, as their tokenizer spells it; empty where they read all of it, or that is
    /// not known.
    /// </summary>
    public string CutOff { get; init; } = "";
}
