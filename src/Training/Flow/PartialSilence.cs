using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Flow;

/// <summary>
/// Takes one of both texts from some captions, as SD 3 does (arXiv 2403.03206): so that images without the pooled vector, and with it
/// alone, mean something, and the transformer cannot lean on the pooled vector, which here says nearly all there is to say.
/// </summary>
/// <param name="silence">The states of no caption, <c>[1, T + 1, width]</c>: <see cref="FlowText.States"/>.</param>
internal sealed class PartialSilence(Tensor silence)
{
    private const float WithoutPooled = 0.5f, WithoutSequence = 0.1f;

    /// <summary>No caption's.</summary>
    public Tensor Silence => silence;

    /// <summary>
    /// Of half of the captions <c>[B, T + 1, width]</c> the pooled vector is that of none, of a tenth the rows of the sequence are.
    /// </summary>
    public Tensor Over(Tensor states, Generator generator)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor chance = rand([states.shape[0], 1, 1], generator: generator);
        Tensor isPooled = arange(states.shape[1]).eq(tensor(states.shape[1] - 1)).view(1, -1, 1);
        Tensor silent = where(isPooled, chance.lt(tensor(WithoutPooled)), chance.ge(tensor(1 - WithoutSequence)));
        return where(silent, silence, states).MoveToOuterDisposeScope();
    }
}
