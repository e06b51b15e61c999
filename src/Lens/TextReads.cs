using TorchSharp;
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

    /// <summary>Every position's vector, read by read, in its own direction and as long as that of other reads of the same text.</summary>
    /// <param name="other">Reads in the same order.</param>
    internal TextReads ScaledTo(TextReads other) => this with { States = [.. States.Zip(other.States, Scaled)] };

    private static Tensor Scaled(Tensor state, Tensor other)
    {
        using DisposeScope scope = NewDisposeScope();
        return state.mul(Length(other).div(Length(state))).MoveToOuterDisposeScope();

        static Tensor Length(Tensor rows) => rows.norm(-1, keepdim: true);
    }

    internal TextReads Copy() => new([.. States.Select(state => state.clone())], Pooled?.clone());
}
