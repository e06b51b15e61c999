using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>What a joint transformer reads of a text.</summary>
/// <param name="states">The sequences joined, <c>[1, S, width]</c>.</param>
/// <param name="pooled">The pooled vectors side by side, <c>[1, pooled width]</c>; null where there are none.</param>
internal sealed class JointText(Tensor states, Tensor? pooled) : TextConditioning
{
    public Tensor States { get; } = states.DetachFromDisposeScope();

    public Tensor? Pooled { get; } = pooled?.DetachFromDisposeScope();

    public override void Dispose()
    {
        States.Dispose();
        Pooled?.Dispose();
    }
}
