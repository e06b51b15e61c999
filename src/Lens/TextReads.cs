using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>The states of one text that the denoiser gets, before a family joins them.</summary>
/// <param name="States">
/// One for each of <see cref="Families.ModelDescription.Reads"/>, <c>[1, T, width]</c>, normed where the read is.
/// </param>
/// <param name="Pooled">The pooled vector, <c>[1, width]</c>; null where the model reads none.</param>
public sealed record TextReads(IReadOnlyList<Tensor> States, Tensor? Pooled = null)
{
    /// <summary>All tensors.</summary>
    internal IEnumerable<Tensor> All => Pooled is null ? States : States.Append(Pooled);

    internal TextReads Copy() => new([.. States.Select(state => state.clone())], Pooled?.clone());
}
