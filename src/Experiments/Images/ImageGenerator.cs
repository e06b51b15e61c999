using DiffusionLens;

namespace Experiments.Images;

/// <summary>Something that makes images.</summary>
/// <param name="PreparedAhead">How many prompts it wants to read before it makes images of them, 1 or more.</param>
/// <param name="MadeTogether">How many prompts' batches it wants to make in one go; null: each batch by itself.</param>
/// <param name="Prepare">Reads the prompts of images; images are asked for of these alone, until others are read.</param>
/// <param name="Batches">Which images it computes together.</param>
internal sealed record ImageGenerator(
    int PreparedAhead,
    int? MadeTogether,
    Action<IReadOnlyList<ImageKey>, CancellationToken> Prepare,
    ImageGenerator.Batching Batches,
    ImageGenerator.Making Make)
{
    /// <summary>How many images several batches, given together, are computed at once; 1: each batch by itself.</summary>
    public int SharedBatch { get; init; } = 1;

    /// <summary>Parts a prompt's images; the same sites and seeds always alike.</summary>
    /// <param name="prompt">The prompt's text.</param>
    /// <param name="sites">Where to look.</param>
    /// <param name="seeds">The seeds of the noise.</param>
    /// <param name="handling">What is done to the prompt's masks, length and padding.</param>
    public delegate IReadOnlyList<IReadOnlyList<ImageKey>> Batching(
        string prompt, IReadOnlyList<LensSite> sites, IReadOnlyList<ulong> seeds, TextHandling handling);

    /// <summary>Makes batches of images. An image depends on its own batch alone, whatever it is given together with.</summary>
    /// <param name="batches">Each of one prompt.</param>
    /// <param name="onProgress">Told the fraction done, 0..1.</param>
    /// <param name="cancellation">Stops within a step of the sampler.</param>
    /// <returns>The images of the first batch, then of the next; their tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public delegate IReadOnlyList<LensImage> Making(
        IReadOnlyList<IReadOnlyList<ImageKey>> batches, Action<double> onProgress, CancellationToken cancellation);
}
