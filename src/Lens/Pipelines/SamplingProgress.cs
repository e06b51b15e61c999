namespace DiffusionLens.Pipelines;

/// <summary>
/// How far the sampling is. It is reported from the thread that samples, before it goes on; note that <see cref="Progress{T}"/> hands
/// reports on to other threads.
/// </summary>
/// <param name="Done">Calls of the denoiser that are done (of a cascade, of all stages' denoisers).</param>
/// <param name="Total">Of how many.</param>
public readonly record struct SamplingProgress(int Done, int Total);
