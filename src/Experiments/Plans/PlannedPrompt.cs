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

    /// <summary>Where the lens looks, but for the layer.</summary>
    public LensSite Site { get; init; } = new(Layer: 0);

    /// <summary>
    /// The end of it that the model's text encoders do not read, as their tokenizer spells it; empty where they read all of it, or that is
    /// not known.
    /// </summary>
    public string CutOff { get; init; } = "";

    /// <summary>Its image at a layer, from a noise.</summary>
    public PlannedImage At(int layer, ulong seed) => new(this, Site.At(layer), seed);
}
