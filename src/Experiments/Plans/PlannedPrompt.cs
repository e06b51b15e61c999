using DiffusionLens;

namespace Experiments.Plans;

/// <summary>A prompt of the experiment.</summary>
/// <param name="Number">Its number within the plan, from 0.</param>
/// <param name="Condition">The name of its condition.</param>
/// <param name="Text">What the model is given.</param>
/// <param name="Folder">Where its images go, below <c>images/</c>: for example <c>two-colors/003-a-red-car-and-a-blue-star</c>.
/// Safe on any file system, and no two differ in case alone.</param>
/// <param name="Words">The word in each slot, by the slot's name.</param>
/// <param name="FinalNorm">Whether the layers' states go through the encoder's final norm.</param>
public sealed record PlannedPrompt(
    int Number, string Condition, string Text, string Folder, IReadOnlyDictionary<string, string> Words, bool FinalNorm = true)
{
    /// <summary>Where the lens looks at a layer.</summary>
    public LensSite SiteAt(int layer) => new(layer) { Norm = FinalNorm ? SiteNorm.Native : SiteNorm.None };
}
