using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>The texts of a batch as the denoiser gets them at every step, a row a sample.</summary>
/// <param name="Tokens">The text's states as the denoiser's tokens, <c>[B, S, width]</c>.</param>
/// <param name="Pooled"><c>[B, pooled width]</c>; null where the model reads no pooled vector.</param>
internal record JointTextBatch(Tensor Tokens, Tensor? Pooled)
{
    /// <summary>1 for tokens that are seen, 0 for padding, <c>[B, S]</c>; null where the model is handed none.</summary>
    public Tensor? Mask { get; init; }
}
