using Experiments.Plans;
using TorchSharp;

namespace Experiments.Images;

/// <summary>Something that makes images.</summary>
/// <param name="BatchSize">How many of a prompt's images it wants to make in one go, 1 or more.</param>
/// <param name="PreparedAhead">How many prompts it wants to read before it makes images of them, 1 or more.</param>
/// <param name="MadeTogether">How many prompts' images it wants to make in one go, 1 or more.</param>
/// <param name="Prepare">Reads prompts; images are asked for of these alone, until others are read.</param>
/// <param name="Make">Makes images.</param>
public sealed record ImageMaker(
    int BatchSize, int PreparedAhead, int MadeTogether, Action<IReadOnlyList<PlannedPrompt>, CancellationToken> Prepare, ImageMaker.Making Make)
{
    /// <summary>Makes the images of prompts for some layers and seeds. An image does not depend on the other prompts.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="layers">The layers to look through.</param>
    /// <param name="seeds">The seeds of the noise.</param>
    /// <param name="onProgress">Told the fraction done, 0..1.</param>
    /// <param name="cancellation">Stops within a step of the sampler.</param>
    /// <returns>For each prompt an image for each layer and seed, whose tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public delegate IReadOnlyList<IReadOnlyList<MadeImage>> Making(
        IReadOnlyList<PlannedPrompt> prompts, IReadOnlyList<int> layers, IReadOnlyList<int> seeds, Action<double> onProgress, CancellationToken cancellation);
}

/// <summary>An image just made.</summary>
/// <param name="Layer">The layer it is seen through.</param>
/// <param name="Seed">The seed of its noise.</param>
/// <param name="Pixels"><c>[3, H, W]</c>, 0..1.</param>
public sealed record MadeImage(int Layer, int Seed, torch.Tensor Pixels);
