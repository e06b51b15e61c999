using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace Training.Denoiser;

internal static class Timesteps
{
    /// <summary>
    /// One in each of as many equal parts of the schedule as there are samples, which steadies the loss; <c>[samples]</c> int64, rising.
    /// </summary>
    /// <param name="samples">How many.</param>
    /// <param name="all">How many timesteps the schedule has.</param>
    /// <param name="generator">Where the chance comes from.</param>
    public static Tensor Spread(long samples, long all, Generator generator)
        => arange(samples, ScalarType.Float32).Plus(rand(samples, generator: generator)).Times(all / (double)samples).to(ScalarType.Int64);
}
