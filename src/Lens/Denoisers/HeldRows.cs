using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Rows of a text that are set again before each block of a joint transformer: they take part in attention, but what blocks write into
/// them is forgotten. One tensor serves all blocks.
/// </summary>
/// <param name="Where">Which rows, <c>[B, S, 1]</c> bool; other rows and other samples keep their bits.</param>
/// <param name="Rows">What they are set to, <c>[B, S, width]</c>.</param>
internal sealed record HeldRows(Tensor Where, Tensor Rows)
{
    /// <summary>Tokens with these rows set.</summary>
    /// <param name="tokens">The text's, or the text's and then the image's, <c>[B, S (+ T), width]</c>.</param>
    public Tensor SetIn(Tensor tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        long length = Where.shape[1], others = tokens.shape[1] - length;
        Tensor text = where(Where, Rows, tokens.narrow(1, 0, length));
        return (others == 0 ? text : cat([text, tokens.narrow(1, length, others)], 1)).MoveToOuterDisposeScope();
    }
}
