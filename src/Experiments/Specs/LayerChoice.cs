namespace Experiments.Specs;

/// <summary>
/// Which layers to look through, said without knowing how many a model has. Layer 0 is the token embeddings, layer L the output of
/// the last block; counting goes back from L, as in the paper (0, 4, ... 24 of DeepFloyd's T5, 3, 7, ... 23 of Stable Diffusion's CLIP).
/// </summary>
/// <param name="Location">Where it was written.</param>
internal abstract record LayerChoice(SourceLocation Location)
{
    /// <summary><c>all</c>: 0 to L.</summary>
    /// <param name="Location">Where it was written.</param>
    public sealed record All(SourceLocation Location) : LayerChoice(Location);

    /// <summary><c>last</c>: L alone, where an experiment is not about layers.</summary>
    /// <param name="Location">Where it was written.</param>
    public sealed record Last(SourceLocation Location) : LayerChoice(Location);

    /// <summary><c>every 4</c>: every fourth layer back from the last.</summary>
    /// <param name="Step">Distance between layers, at least 1.</param>
    /// <param name="Location">Where it was written.</param>
    public sealed record Every(int Step, SourceLocation Location) : LayerChoice(Location);

    /// <summary><c>every 1/6</c>: every L/6 layers, rounded, back from the last (24 and 23 give every 4, 12 gives every 2).</summary>
    /// <param name="Parts">In how many parts the depth is cut, at least 1.</param>
    /// <param name="Location">Where it was written.</param>
    public sealed record EveryPart(int Parts, SourceLocation Location) : LayerChoice(Location);

    /// <summary><c>[0, 8, 12]</c>: these.</summary>
    /// <param name="Layers">Each layer once, with the place where it was written.</param>
    /// <param name="Location">Where it was written.</param>
    public sealed record Listed(IReadOnlyList<(int Layer, SourceLocation Location)> Layers, SourceLocation Location)
        : LayerChoice(Location);
}
