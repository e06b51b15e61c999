using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>What stands between a denoiser's latents and images, whatever its class.</summary>
public abstract class Autoencoder : nn.Module
{
    /// <summary>Its class name.</summary>
    protected Autoencoder(string name)
        : base(name)
    {
    }

    /// <summary>How many pixels one of the denoiser's latents stands for, along each side.</summary>
    internal abstract int PixelsPerDenoised { get; }

    /// <summary>Channels of the decoder's last but one level: what it needs most memory for.</summary>
    internal abstract int DecoderWidth { get; }

    /// <summary>From the denoiser's latents to those that are decoded, <c>[B, C, h, w]</c>, in the type that comes in.</summary>
    internal abstract Tensor FromDenoiser(Tensor latents);

    /// <summary>The image that latents stand for.</summary>
    /// <param name="latents"><c>[B, latent, h, w]</c>, as they are decoded: not the denoiser's, which are scaled.</param>
    /// <returns><c>[B, 3, H, W]</c>, about -1..1; some classes clamp it to that.</returns>
    /// <exception cref="BadInputException">NaN or infinity arose.</exception>
    public Tensor Decode(Tensor latents)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = Decoded(latents);
        return FiniteCheck.AreFinite(pixels)
            ? (Clamps ? pixels.ClampTo(-1, 1) : pixels).MoveToOuterDisposeScope()
            : throw FiniteCheck.Error("the autoencoder", latents.dtype, FiniteCheck.DamagedWeightOf(this), "compute in another type");
    }

    /// <summary>What is decoded, before any clamp: <c>[B, latent, h, w] → [B, 3, H, W]</c>.</summary>
    internal abstract Tensor Decoded(Tensor latents);

    /// <summary>Whether decoding ends with a clamp to -1..1.</summary>
    private protected virtual bool Clamps => false;
}
