using static TorchSharp.torch;

namespace Training.Denoiser;

/// <summary>What is finished before a denoiser's training and stays as it is.</summary>
internal abstract class FrozenEncoders : IDisposable
{
    /// <summary>Of what the denoiser makes of one scene: <c>[C, h, w]</c>.</summary>
    public abstract long[] TargetShape { get; }

    /// <summary>The folders that it was read from.</summary>
    public abstract IReadOnlyList<string> Folders { get; }

    /// <summary>What the denoiser is to make: of <c>[B, 3, 64, 64]</c> pixels, 0..1, <c>[B, C, h, w]</c> float32.</summary>
    public abstract Tensor Targets(Tensor pixels);

    /// <summary>ln_f(h^L) of captions, <c>[captions, T, width]</c>.</summary>
    public abstract Tensor States(IReadOnlyList<string> captions);

    public abstract void Dispose();
}
