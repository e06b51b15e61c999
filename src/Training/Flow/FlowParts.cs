using DiffusionLens.Autoencoders;
using DiffusionLens.Runtime;
using TorchSharp;
using Training.Denoiser;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Flow;

/// <summary>What is finished before mini-mmdit's transformer: its autoencoder and both text encoders.</summary>
internal sealed class FlowParts : FrozenEncoders
{
    private const int LatentSide = 16;

    private readonly AutoencoderKL _autoencoder;
    private readonly Placement _placement;

    /// <param name="models">The folder with mini-mmdit's autoencoder, mini-sd and mini-if.</param>
    /// <param name="dtype">In which all compute.</param>
    public FlowParts(string models, ScalarType dtype)
    {
        string vae = Path.Combine(MmditFiles.Folder(models), "vae");
        _placement = new Placement(dtype, CPU);
        _autoencoder = new AutoencoderKL(AutoencoderKLConfig.Parse(ModelPart.ReadConfig(vae), vae), _placement);
        ModelPart.Load(_autoencoder, vae);
        Text = new FlowText(models, _placement);
        Folders = [vae, .. Text.Folders];
    }

    public FlowText Text { get; }

    public override long[] TargetShape => [_autoencoder.Config.LatentChannels, LatentSide, LatentSide];

    public override IReadOnlyList<string> Folders { get; }

    /// <summary>The latents that the transformer makes: <c>[B, 3, 64, 64] → [B, C, 16, 16]</c>, moved and scaled, float32.</summary>
    public override Tensor Targets(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = _autoencoder.Encode(pixels.Times(2).Plus(-1).to(_placement.DType)).Mean.to(ScalarType.Float32);
        return mean.Plus(-_autoencoder.Config.ShiftFactor).Times(_autoencoder.Config.ScalingFactor).MoveToOuterDisposeScope();
    }

    /// <summary>Pixels of such latents, 0..1, float32.</summary>
    public Tensor Pixels(Tensor latents)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor own = latents.Times(1 / _autoencoder.Config.ScalingFactor).Plus(_autoencoder.Config.ShiftFactor);
        Tensor decoded = _autoencoder.Decode(own.to(_placement.DType));
        return decoded.to(ScalarType.Float32).Times(0.5).Plus(0.5).ClampTo(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>What the transformer reads, as <see cref="FlowText.States"/> gives it: <c>[captions, T + 1, width]</c>.</summary>
    public override Tensor States(IReadOnlyList<string> captions) => Text.States(captions);

    /// <summary>The states of no caption, kept until the caller disposes of them: <c>[1, T + 1, width]</c>.</summary>
    public Tensor Silence()
    {
        using IDisposable noGradient = no_grad();
        return Text.States([""]);
    }

    public override void Dispose()
    {
        _autoencoder.Dispose();
        Text.Dispose();
    }
}
