using Experiments.Plans;
using TorchSharp;

namespace Experiments.Images;

/// <summary>Something that makes pictures.</summary>
/// <param name="BatchSize">How many of a prompt's pictures it wants to make in one go, 1 or more.</param>
/// <param name="PreparedAhead">How many prompts it wants to read before it makes pictures of them, 1 or more.</param>
/// <param name="MadeTogether">How many prompts' pictures it wants to make in one go, 1 or more.</param>
/// <param name="Prepare">Reads prompts; pictures are asked for of these alone, until others are read.</param>
/// <param name="Make">Makes pictures.</param>
public sealed record PictureMaker(
    int BatchSize, int PreparedAhead, int MadeTogether, Action<IReadOnlyList<PlannedPrompt>, CancellationToken> Prepare, PictureMaker.Making Make)
{
    /// <summary>Makes the pictures of prompts for some layers and seeds. A picture does not depend on the other prompts.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="layers">The layers to look through.</param>
    /// <param name="seeds">The seeds of the noise.</param>
    /// <param name="onProgress">Told the fraction done, 0..1.</param>
    /// <param name="cancellation">Stops within a step of the sampler.</param>
    /// <returns>For each prompt a picture for each layer and seed, whose tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public delegate IReadOnlyList<IReadOnlyList<MadePicture>> Making(
        IReadOnlyList<PlannedPrompt> prompts, IReadOnlyList<int> layers, IReadOnlyList<int> seeds, Action<double> onProgress, CancellationToken cancellation);
}

/// <summary>A picture just made.</summary>
/// <param name="Layer">The layer it is seen through.</param>
/// <param name="Seed">The seed of its noise.</param>
/// <param name="Pixels"><c>[3, H, W]</c>, 0..1.</param>
public sealed record MadePicture(int Layer, int Seed, torch.Tensor Pixels);
