using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace Training.Flow;

/// <summary>Points on straight paths from images to noise.</summary>
/// <param name="Noisy"><c>(1 - t) x + t ε</c>, <c>[B, C, h, w]</c>.</param>
/// <param name="PackedVelocity"><c>ε - x</c>, <c>[B, h w / 4, 4 C]</c>.</param>
/// <param name="Times">t, <c>[B]</c>.</param>
internal readonly record struct FlowSample(Tensor Noisy, Tensor PackedVelocity, Tensor Times)
{
    /// <param name="latents">x, <c>[B, C, h, w]</c> float32.</param>
    /// <param name="generator">Of times and noise.</param>
    public static FlowSample Draw(Tensor latents, Generator generator)
    {
        Tensor times = FlowTimes.Spread(latents.shape[0], MmditFiles.Shift, generator);
        Tensor velocity = randn(latents.shape, generator: generator).sub(latents);
        return new(latents.Plus(velocity.mul(times.view(-1, 1, 1, 1))), PackedLatents.Of(velocity), times);
    }
}
