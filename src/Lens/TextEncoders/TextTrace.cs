using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// What a text encoder computed for a batch of prompts: h^0 ... h^L, every one <em>before</em> the final norm ln_f; or, where a run looks
/// at another point, that vector of every block.
/// </summary>
public sealed class TextTrace : IDisposable
{
    /// <summary>Takes over the states.</summary>
    /// <param name="hiddenStates">h^0 (the embeddings) to h^L (the last block's output), each <c>[B, T, width]</c>.</param>
    public TextTrace(IReadOnlyList<Tensor> hiddenStates) => HiddenStates = hiddenStates;

    /// <summary>h^0 (the embeddings) to h^L (the last block's output), each <c>[B, T, width]</c>, padding included.</summary>
    public IReadOnlyList<Tensor> HiddenStates { get; }

    /// <summary>L: the number of blocks, one less than the number of states.</summary>
    public int LayerCount => HiddenStates.Count - 1;

    /// <summary>Hands all states on to the scope around the current one.</summary>
    internal TextTrace MoveToOuterDisposeScope()
    {
        foreach (Tensor state in HiddenStates)
        {
            state.MoveToOuterDisposeScope();
        }

        return this;
    }

    /// <summary>Frees the states.</summary>
    public void Dispose()
    {
        foreach (Tensor state in HiddenStates)
        {
            state.Dispose();
        }
    }
}
