using DiffusionLens.Pipelines;

namespace DiffusionLens.Families;

/// <summary>
/// What is known of a model before its weights are loaded: its encoders, what its denoiser reads of them, and what suits it.
/// </summary>
public sealed record ModelDescription
{
    /// <summary>The family's name as people write it, such as <c>Stable Diffusion</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Its text encoders.</summary>
    public required IReadOnlyList<EncoderDescription> Encoders { get; init; }

    /// <summary>What the denoiser reads of them, in the order in which the family joins it; one or more.</summary>
    public required IReadOnlyList<EncoderRead> Reads { get; init; }

    /// <summary>In how many stages this model makes an image; 1 where it is no cascade.</summary>
    public int StageCount { get; init; } = 1;

    /// <summary>Whether models of the family may have several stages, so that one can ask for the first alone.</summary>
    public bool HasStages { get; init; }

    /// <summary>The scale of classifier-free guidance that its authors and diffusers take; of a cascade's first stage.</summary>
    public required double DefaultGuidance { get; init; }

    /// <summary>How its second stage enlarges images by default; null where there is none.</summary>
    public SuperResolutionSettings? DefaultSuperResolution { get; init; }

    /// <summary>m*: the deepest layer that is read. A lens at this layer shows the model's own image.</summary>
    public int LayerCount => Reads.Max(read => read.Layer);

    /// <summary>
    /// The rule of the lens. At l every read of layer i becomes a read of layer min(i, l); positions and joining stay as the model has
    /// them, and so does the norm unless the site has another. Where all encoders are looked into, l counts in the deepest, of m* layers,
    /// and one whose own deepest read is m is looked into at floor(l m / m* + 1/2).
    /// </summary>
    /// <param name="site">Where the lens looks.</param>
    /// <returns>For each of <see cref="Reads"/> what is read in its place.</returns>
    /// <exception cref="BadInputException">The model has no such layer or encoder.</exception>
    public IReadOnlyList<EncoderRead> ReadsAt(LensSite site)
    {
        int deepest = site.Encoder.Number is { } number ? DeepestOf(Encoder(number)) : LayerCount;
        return site.Layer >= 0 && site.Layer <= deepest
            ? [.. Reads.Select(read => ReadAt(read, site))]
            : throw new BadInputException($"layer is {site.Layer}; this model has layers 0 to {deepest}");
    }

    private EncoderRead ReadAt(EncoderRead read, LensSite site)
    {
        if (site.Encoder.Number is { } number && Encoder(number) != read.Encoder)
        {
            return read;
        }

        int layer = site.Encoder.Number is null ? ShareOf(read.Encoder, site.Layer) : site.Layer;
        return read with { Layer = Math.Min(read.Layer, layer), Normed = read.Normed && site.Norm == SiteNorm.Native };
    }

    /// <summary>floor(l m / m* + 1/2), in whole numbers.</summary>
    private int ShareOf(int encoder, int layer)
        => LayerCount == 0 ? 0 : ((2 * layer * DeepestOf(encoder)) + LayerCount) / (2 * LayerCount);

    private int DeepestOf(int encoder) => Reads.Where(read => read.Encoder == encoder).Max(read => read.Layer);

    private int Encoder(int number)
        => number >= 1 && number <= Encoders.Count && Reads.Any(read => read.Encoder == number - 1)
            ? number - 1
            : throw new BadInputException($"encoder is {number}; this model has {Encoders.Count} that it reads as sequences");
}
