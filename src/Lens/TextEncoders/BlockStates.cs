using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>The vectors of one block of a text encoder, each <c>[B, T, width]</c>.</summary>
/// <param name="AttentionOut">What its attention adds to its input, output projection included.</param>
/// <param name="Attention">Its input and that: the residual stream between the sub-blocks.</param>
/// <param name="MlpOut">What its second sub-block adds.</param>
/// <param name="Output">Both together: h^l.</param>
internal readonly record struct BlockStates(Tensor AttentionOut, Tensor Attention, Tensor MlpOut, Tensor Output)
{
    /// <summary>The vector that a site looks at.</summary>
    public Tensor At(SitePoint point) => point switch
    {
        SitePoint.Block => Output,
        SitePoint.Attention => Attention,
        SitePoint.AttentionOut => AttentionOut,
        SitePoint.MlpOut => MlpOut,
        _ => throw new ArgumentOutOfRangeException(nameof(point)),
    };

    /// <summary>Hands all on to the scope around the current one.</summary>
    public BlockStates MoveToOuterDisposeScope() => new(
        AttentionOut.MoveToOuterDisposeScope(),
        Attention.MoveToOuterDisposeScope(),
        MlpOut.MoveToOuterDisposeScope(),
        Output.MoveToOuterDisposeScope());
}
