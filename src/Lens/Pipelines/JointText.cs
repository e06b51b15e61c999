using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>What a joint transformer reads of a text.</summary>
/// <param name="states">The sequences joined, <c>[1, S, width]</c>.</param>
/// <param name="pooled">The pooled vectors side by side, <c>[1, pooled width]</c>; null where there are none.</param>
internal sealed class JointText(Tensor states, Tensor? pooled) : TextConditioning
{
    public Tensor States { get; } = states.DetachFromDisposeScope();

    public Tensor? Pooled { get; } = pooled?.DetachFromDisposeScope();

    /// <summary>Which rows nothing attends to, <c>[1, S]</c> bool; null: all are attended to.</summary>
    public Tensor? Hidden { get; init => field = value?.DetachFromDisposeScope(); }

    /// <summary>Which rows are set inside the denoiser, and to what; null: none.</summary>
    public SetRows? Set { get; init; }

    /// <summary>Positions of the rows, where they are not 0, 1, ...</summary>
    public IReadOnlyList<int>? Positions { get; init; }

    /// <summary>What the texts have in common that go through the denoiser together.</summary>
    public Layout LayoutOf => new(States.shape[1], Hidden is not null, Positions is null ? null : string.Join(' ', Positions));

    public override void Dispose()
    {
        States.Dispose();
        Pooled?.Dispose();
        Hidden?.Dispose();
        Set?.Where.Dispose();
        Set?.States?.Dispose();
    }

    /// <summary>Rows that are set inside the denoiser.</summary>
    /// <param name="handling">To what and where.</param>
    /// <param name="where">Which, <c>[1, S, 1]</c> bool.</param>
    /// <param name="states">Of <see cref="PaddingRows.Empty"/> the joined states that stand in their place, <c>[1, S, width]</c>.</param>
    internal sealed class SetRows(TextHandling handling, Tensor where, Tensor? states)
    {
        public PaddingRows To { get; } = handling.PaddingRows;

        public PaddingRowsAt At { get; } = handling.PaddingRowsAt;

        public Tensor Where { get; } = where.DetachFromDisposeScope();

        public Tensor? States { get; } = states?.DetachFromDisposeScope();
    }

    /// <summary>What tells texts apart that cannot go through the denoiser together.</summary>
    internal sealed record Layout(long Length, bool IsMasked, string? Positions);
}
