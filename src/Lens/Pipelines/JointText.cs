using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>What a joint transformer reads of a text.</summary>
/// <param name="states">The sequences joined, <c>[1, S, width]</c>.</param>
/// <param name="pooled">The pooled vectors side by side, <c>[1, pooled width]</c>; null where there are none.</param>
/// <param name="mask">1 for rows that are seen, 0 for padding, <c>[1, S]</c>; null where the transformer is handed none.</param>
internal sealed class JointText(Tensor states, Tensor? pooled, Tensor? mask = null) : TextConditioning
{
    public Tensor States { get; } = states.DetachFromDisposeScope();

    public Tensor? Pooled { get; } = pooled?.DetachFromDisposeScope();

    public Tensor? Mask { get; } = mask?.DetachFromDisposeScope();

    public override void Dispose()
    {
        States.Dispose();
        Pooled?.Dispose();
        Mask?.Dispose();
    }
}
