using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>
/// FLUX.2's variational autoencoder (diffusers: AutoencoderKLFlux2). Its denoiser's latents are patches of 2×2, four times as many
/// channels, each brought to mean 0 and variance 1 by statistics that were gathered in training.
/// </summary>
internal sealed class AutoencoderKLFlux2 : AutoencoderKL, IPartlyLoaded
{
    /// <summary>Latents of a patch along each side.</summary>
    public const int Patch = 2;

    private readonly LatentStatistics _statistics;
    private readonly double _epsilon;

    /// <summary>Builds the network; its parameters hold no values until they are loaded.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public AutoencoderKLFlux2(AutoencoderKLFlux2Config config, Placement placement)
        : base(config.Autoencoder, placement)
    {
        _epsilon = config.StatisticsEpsilon;
        _statistics = this.Add("bn", new LatentStatistics(Patch * Patch * config.Autoencoder.LatentChannels, placement));
    }

    /// <inheritdoc/>
    internal override int PixelsPerDenoised => Patch * Config.PixelsPerLatent;

    /// <summary>
    /// From the denoiser's latents to the decoder's: <c>[B, 4 C, h, w] → [B, C, 2 h, 2 w]</c>, in the type that comes in.
    /// </summary>
    internal override Tensor FromDenoiser(Tensor patched)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor latents = patched.mul(Deviation(patched.dtype)).Plus(Mean(patched.dtype));
        return latents.unflatten(1, -1, Patch, Patch).permute(0, 1, 4, 2, 5, 3).flatten(4).flatten(2, 3).MoveToOuterDisposeScope();
    }

    /// <summary>And back: <c>[B, C, 2 h, 2 w] → [B, 4 C, h, w]</c>.</summary>
    public Tensor ToDenoiser(Tensor latents)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor patched = latents.unflatten(3, -1, Patch).unflatten(2, -1, Patch).permute(0, 1, 3, 5, 2, 4).flatten(1, 3);
        return patched.sub(Mean(patched.dtype)).div(Deviation(patched.dtype)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool LeavesOut(string name) => name == "bn.num_batches_tracked";

    private Tensor Mean(ScalarType dtype) => _statistics.Mean.to(dtype).view(1, -1, 1, 1);

    private Tensor Deviation(ScalarType dtype) => _statistics.Variance.to(dtype).view(1, -1, 1, 1).Plus(_epsilon).sqrt();

    /// <summary>A batch norm without weights that is not trained on: its running statistics.</summary>
    private sealed class LatentStatistics : nn.Module
    {
        public LatentStatistics(int channels, Placement placement)
            : base(nameof(LatentStatistics))
        {
            Mean = this.AddParameter("running_mean", placement, channels);
            Variance = this.AddParameter("running_var", placement, channels);
        }

        public Parameter Mean { get; }

        public Parameter Variance { get; }
    }
}
