using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>
/// The variational autoencoder of latent diffusion (diffusers: AutoencoderKL). Parameters have the checkpoint's names
/// (<c>decoder.up_blocks.0.resnets.0.conv1.weight</c>, ...). No scaling factor or shift is applied here.
/// </summary>
public class AutoencoderKL : Autoencoder
{
    private readonly Encoder _encoder;
    private readonly Decoder _decoder;
    private readonly Conv2d? _toMoments, _fromLatents;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public AutoencoderKL(AutoencoderKLConfig config, Placement placement)
        : base(nameof(AutoencoderKL))
    {
        Config = config;
        int moments = 2 * config.LatentChannels;
        _encoder = this.Add("encoder", new Encoder(config, placement));
        _decoder = this.Add("decoder", new Decoder(config, placement));
        _toMoments = config.MapsMoments ? this.Add("quant_conv", new Conv2d(moments, moments, 1, placement)) : null;
        _fromLatents = config.MapsLatents
            ? this.Add("post_quant_conv", new Conv2d(config.LatentChannels, config.LatentChannels, 1, placement))
            : null;
    }

    /// <summary>What the network was built by.</summary>
    public AutoencoderKLConfig Config { get; }

    /// <inheritdoc/>
    internal override int PixelsPerDenoised => Config.PixelsPerLatent;

    /// <inheritdoc/>
    internal override int DecoderWidth => Config.DecoderBlockOutChannels[Math.Min(1, Config.DecoderBlockOutChannels.Count - 1)];

    /// <inheritdoc/>
    internal override Tensor FromDenoiser(Tensor latents)
    {
        using DisposeScope scope = NewDisposeScope();
        return latents.Times(1 / Config.ScalingFactor).Plus(Config.ShiftFactor).MoveToOuterDisposeScope();
    }

    /// <summary>The distribution of an image's latents.</summary>
    /// <param name="pixels"><c>[B, 3, H, W]</c>, -1..1; H and W multiples of <see cref="AutoencoderKLConfig.PixelsPerLatent"/>.</param>
    /// <returns>Mean and log variance, each <c>[B, latent, h, w]</c>.</returns>
    public DiagonalGaussian Encode(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor encoded = _encoder.forward(pixels);
        Tensor[] moments = (_toMoments is null ? encoded : _toMoments.forward(encoded)).chunk(2, 1);
        return new DiagonalGaussian(moments[0].MoveToOuterDisposeScope(), moments[1].ClampTo(-30, 20).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    internal override Tensor Decoded(Tensor latents)
        => _decoder.forward(_fromLatents is null ? latents : _fromLatents.forward(latents));
}
