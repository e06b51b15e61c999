using System.Diagnostics;
using DiffusionLens.Autoencoders;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>Makes images of latents as a denoiser leaves them.</summary>
/// <param name="autoencoder">The model's.</param>
/// <param name="placement">Where the autoencoder is and in which type.</param>
/// <param name="finish">What is done to decoded images <c>[B, 3, H, W]</c> before they are clamped; null: nothing.</param>
internal sealed class LatentDecoder(Autoencoder autoencoder, Placement placement, Func<Tensor, Tensor>? finish = null)
{
    /// <summary>Values that live at once in the decoder, for each pixel and channel of its last but one level.</summary>
    private const long DecoderValues = 6;

    /// <summary>Images of latents <c>[B, C, h, w]</c>, as many at once as memory allows: each <c>[3, H, W]</c>, 0..1.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<Tensor> Images(Tensor latents, CancellationToken cancellation)
    {
        long area = latents.shape[2] * latents.shape[3] * autoencoder.PixelsPerDenoised * autoencoder.PixelsPerDenoised;
        return latents.split(BatchLimit.Of(area * autoencoder.DecoderWidth * DecoderValues, placement)).SelectMany(part =>
        {
            cancellation.ThrowIfCancellationRequested();
            using Activity? activity = LensActivity.Start("decode");
            Tensor decoded = autoencoder.Decode(autoencoder.FromDenoiser(part).to(placement.DType));
            return (finish is null ? decoded : finish(decoded)).Times(0.5).Plus(0.5).ClampTo(0, 1).unbind(0);
        });
    }
}
