namespace DiffusionLens.Weights;

/// <summary>Which tensors of a part's files a module takes.</summary>
/// <param name="Taken">Those that it takes.</param>
/// <param name="Ignored">Those that it leaves, and why.</param>
internal sealed record WeightUse(IReadOnlyList<TensorEntry> Taken, IReadOnlyList<IgnoredItem> Ignored);
