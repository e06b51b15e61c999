namespace DiffusionLens.Weights;

/// <summary>Something in a model's folder that is not read.</summary>
/// <param name="Name">A file's name, a part's, or a tensor's.</param>
/// <param name="Reason">Why not, in a few words.</param>
internal sealed record IgnoredItem(string Name, string Reason);
