using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>The states of one text that the denoiser gets, before a family joins them.</summary>
/// <param name="States">
/// One for each of <see cref="Families.ModelDescription.Reads"/>, <c>[1, T, width]</c>, normed where the read is, of the positions that it
/// reads.
/// </param>
/// <param name="Pooled">
/// Those of <see cref="Families.ModelDescription.PooledReads"/> side by side, <c>[1, width]</c>; null where there are none.
/// </param>
public sealed record TextReads(IReadOnlyList<Tensor> States, Tensor? Pooled = null)
{
    /// <summary>What the rows of each of <see cref="States"/> are of; null where nobody knows: then each was written.</summary>
    public IReadOnlyList<ReadRows>? Rows { get; init; }

    /// <summary>What is to be done to the rows besides reading them.</summary>
    internal TextHandling Handling { get; init; } = TextHandling.Native;

    /// <summary>
    /// For <see cref="PaddingRows.Empty"/> inside the denoiser: the empty prompt's states, as long as <see cref="States"/>.
    /// </summary>
    internal IReadOnlyList<Tensor>? Replacement { get; init; }

    /// <summary>All tensors.</summary>
    internal IEnumerable<Tensor> All => [.. States, .. Pooled is null ? [] : new[] { Pooled }, .. Replacement ?? []];

    /// <summary>The same tensors under handles of their own: freeing one side leaves the other's memory alone.</summary>
    internal TextReads Share() => this with
    {
        States = [.. States.Select(state => state.alias())],
        Pooled = Pooled?.alias(),
        Replacement = Replacement is null ? null : [.. Replacement.Select(state => state.alias())],
    };
}
