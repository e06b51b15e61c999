using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Plans;

/// <summary>What is about the last layer, or rows that are right there, needs that layer.</summary>
internal static class LastLayerRule
{
    /// <summary>Refuses layers without the last one.</summary>
    /// <param name="layers">The layers looked through.</param>
    /// <param name="lastLayer">L.</param>
    /// <param name="chosen">Where the layers were chosen.</param>
    /// <exception cref="BadInputException">The last layer is not among them.</exception>
    public static void Require(IReadOnlyList<int> layers, int lastLayer, SourceLocation chosen)
    {
        if (!layers.Contains(lastLayer))
        {
            throw chosen.Error(
                $"the figures are about the last layer; add {lastLayer}, or make images alone with --only images");
        }
    }
}
