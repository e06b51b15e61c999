using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// The layer in which something is first there, in one row (the paper's section 4.1: "emerges"). It may be gone again in a later one.
/// </summary>
internal static class Emergence
{
    /// <summary>The first layer whose image fulfils a rule.</summary>
    /// <param name="layers">The layers looked through, ascending. A layer without an answer is passed over.</param>
    /// <returns>The layer, or null where there is none.</returns>
    public static int? FirstLayer(AnsweredRow row, ConditionSpec condition, AnswerRule rule, IReadOnlyList<int> layers)
    {
        foreach (int layer in layers)
        {
            if (row.Holds(condition, rule, layer) == true)
            {
                return layer;
            }
        }

        return null;
    }

    /// <summary>How many rows have each layer as their first.</summary>
    /// <param name="firstLayers">The first layers of rows; null for a row without.</param>
    /// <param name="layers">The layers looked through, ascending.</param>
    public static EmergenceDistribution Distribution(IEnumerable<int?> firstLayers, IReadOnlyList<int> layers)
    {
        ILookup<int, int?> counts = firstLayers.ToLookup(layer => layer ?? -1);
        return new EmergenceDistribution([.. layers.Select(layer => (layer, counts[layer].Count()))], counts[-1].Count());
    }
}

/// <summary>When something emerges in the rows of a condition.</summary>
/// <param name="Layers">Each layer with the number of rows that have it as their first, ascending.</param>
/// <param name="Never">The number of rows without.</param>
internal sealed record EmergenceDistribution(IReadOnlyList<(int Layer, int Rows)> Layers, int Never)
{
    /// <summary>Number of rows.</summary>
    public int Count => Layers.Sum(layer => layer.Rows) + Never;

    /// <summary>The layer by which half of the rows have it; null where half of them never do.</summary>
    public int? Median
    {
        get
        {
            int seen = 0;
            foreach ((int layer, int rows) in Layers)
            {
                seen += rows;
                if (2 * seen >= Count && Count > 0)
                {
                    return layer;
                }
            }

            return null;
        }
    }
}
