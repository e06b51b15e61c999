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
    /// <summary>
    /// Of each read which of its rows were written, 1, and which are padding, 0: what a denoiser is handed that sees no padding
    /// (<see cref="Families.EncoderRead.HandsMask"/>). Null where there is none, or all rows are to be seen.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? Masks { get; init; }

    /// <summary>All tensors.</summary>
    internal IEnumerable<Tensor> All => Pooled is null ? States : States.Append(Pooled);

    /// <summary>The same tensors under handles of their own: freeing one side leaves the other's memory alone.</summary>
    internal TextReads Share() => this with { States = [.. States.Select(state => state.alias())], Pooled = Pooled?.alias() };
}
