using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>
/// Qwen-Image's variational autoencoder (diffusers: AutoencoderKLQwenImage), made for videos and used for one frame: with empty frames
/// before it, its convolutions in space and time are ones in space, and what joins frames has nothing to do. Its denoiser's latents have
/// mean 0 and variance 1, channel by channel, by numbers of the config. Parameters have the checkpoint's names.
/// </summary>
internal sealed class AutoencoderKLQwenImage : Autoencoder, IPartlyLoaded
{
    private readonly QwenImageEncoder _encoder;
    private readonly QwenImageDecoder _decoder;
    private readonly FrameConv _toMoments, _fromLatents;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public AutoencoderKLQwenImage(AutoencoderKLQwenImageConfig config, Placement placement)
        : base(nameof(AutoencoderKLQwenImage))
    {
        Config = config;
        int moments = 2 * config.LatentChannels;
        _encoder = this.Add("encoder", new QwenImageEncoder(config, placement));
        _toMoments = this.Add("quant_conv", new FrameConv(moments, moments, 1, placement));
        _fromLatents = this.Add("post_quant_conv", new FrameConv(config.LatentChannels, config.LatentChannels, 1, placement));
        _decoder = this.Add("decoder", new QwenImageDecoder(config, placement));
    }

    /// <summary>What the network was built by.</summary>
    public AutoencoderKLQwenImageConfig Config { get; }

    /// <inheritdoc/>
    internal override int PixelsPerDenoised => Config.PixelsPerLatent;

    /// <inheritdoc/>
    internal override int DecoderWidth => Config.Widths[Math.Min(1, Config.Widths.Count - 1)];

    /// <inheritdoc/>
    internal override Tensor FromDenoiser(Tensor latents)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor deviations = OfChannels(Config.LatentDeviations, latents), means = OfChannels(Config.LatentMeans, latents);
        return latents.mul(deviations).Plus(means).MoveToOuterDisposeScope();
    }

    /// <summary>And back: <c>[B, C, h, w] → [B, C, h, w]</c>.</summary>
    public Tensor ToDenoiser(Tensor latents)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor deviations = OfChannels(Config.LatentDeviations, latents), means = OfChannels(Config.LatentMeans, latents);
        return latents.sub(means).div(deviations).MoveToOuterDisposeScope();
    }

    /// <summary>The distribution of an image's latents.</summary>
    /// <param name="pixels">
    /// <c>[B, 3, H, W]</c>, -1..1; H and W multiples of <see cref="AutoencoderKLQwenImageConfig.PixelsPerLatent"/>.
    /// </param>
    /// <returns>Mean and log variance, each <c>[B, latent, h, w]</c>.</returns>
    public DiagonalGaussian Encode(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] moments = _toMoments.forward(_encoder.forward(pixels)).chunk(2, 1);
        return new DiagonalGaussian(moments[0].MoveToOuterDisposeScope(), moments[1].ClampTo(-30, 20).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    internal override Tensor Decoded(Tensor latents)
    {
        using DisposeScope scope = NewDisposeScope();
        return _decoder.forward(_fromLatents.forward(latents)).MoveToOuterDisposeScope();
    }

    private protected override bool Clamps => true;

    /// <summary>What joins frames in time is left out.</summary>
    public bool LeavesOut(string name) => name.Contains(".time_conv.", StringComparison.Ordinal);

    private static Tensor OfChannels(IReadOnlyList<double> values, Tensor latents)
        => tensor([.. values], latents.dtype, latents.device).view(1, -1, 1, 1);
}
