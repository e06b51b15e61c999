using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>
/// The deep compression autoencoder of SANA (arXiv 2410.10733; diffusers: AutoencoderDC). Its latents are numbers, no distribution.
/// Parameters have the checkpoint's names (<c>decoder.up_blocks.0.1.conv1.weight</c>, ...).
/// </summary>
internal sealed class AutoencoderDC : Autoencoder
{
    private readonly DCEncoder _encoder;
    private readonly DCDecoder _decoder;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public AutoencoderDC(AutoencoderDCConfig config, Placement placement)
        : base(nameof(AutoencoderDC))
    {
        Config = config;
        _encoder = this.Add("encoder", new DCEncoder(config, placement));
        _decoder = this.Add("decoder", new DCDecoder(config, placement));
    }

    /// <summary>What the network was built by.</summary>
    public AutoencoderDCConfig Config { get; }

    /// <inheritdoc/>
    internal override int PixelsPerDenoised => Config.PixelsPerLatent;

    /// <inheritdoc/>
    internal override int DecoderWidth => Config.Decoder[Math.Min(1, Config.Decoder.Count - 1)].Width;

    /// <inheritdoc/>
    internal override Tensor FromDenoiser(Tensor latents) => latents.Times(1 / Config.ScalingFactor);

    /// <summary>The latents of an image, not scaled for a denoiser.</summary>
    /// <param name="pixels"><c>[B, 3, H, W]</c>, -1..1; H and W multiples of <see cref="AutoencoderDCConfig.PixelsPerLatent"/>.</param>
    /// <returns><c>[B, latent, h, w]</c>.</returns>
    public Tensor Encode(Tensor pixels) => _encoder.forward(pixels);

    /// <inheritdoc/>
    internal override Tensor Decoded(Tensor latents) => _decoder.forward(latents);
}
