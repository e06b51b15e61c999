using Experiments.Plans;
using TorchSharp;

namespace Experiments.Images;

/// <summary>Something that makes pictures.</summary>
/// <param name="BatchSize">How many it makes at once.</param>
/// <param name="Make">Makes pictures.</param>
public sealed record PictureMaker(int BatchSize, PictureMaker.Making Make)
{
    /// <summary>Makes the pictures of a prompt for some layers and seeds.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="layers">The layers to look through.</param>
    /// <param name="seeds">The seeds of the noise.</param>
    /// <param name="onProgress">Told the fraction done, 0..1.</param>
    /// <param name="cancellation">Stops within a step of the sampler.</param>
    /// <returns>A picture for each layer and seed, whose tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public delegate IReadOnlyList<MadePicture> Making(
        PlannedPrompt prompt, IReadOnlyList<int> layers, IReadOnlyList<int> seeds, Action<double> onProgress, CancellationToken cancellation);
}

/// <summary>A picture just made.</summary>
/// <param name="Layer">The layer it is seen through.</param>
/// <param name="Seed">The seed of its noise.</param>
/// <param name="Pixels"><c>[3, H, W]</c>, 0..1.</param>
public sealed record MadePicture(int Layer, int Seed, torch.Tensor Pixels);
