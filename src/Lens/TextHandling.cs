namespace DiffusionLens;

/// <summary>
/// What is done to a text's masks, length and padding, in the text encoder and inside the denoiser: no place that the lens looks at, but a
/// setting of the run that stands beside the <see cref="LensSite"/>. The defaults are the model's own pipeline. Two with the same values
/// are equal. <see cref="DenoiserMask"/> and <see cref="Length"/> hold for both sides of the guidance, all else for the prompt's alone.
/// </summary>
public sealed record TextHandling
{
    /// <summary>Everything as the model's own pipeline has it.</summary>
    public static TextHandling Native { get; } = new();

    /// <summary>Whether the text encoder keeps tokens from attending to padding.</summary>
    public TextMask EncoderMask { get; init; }

    /// <summary>Whether the denoiser keeps the image from attending to padding.</summary>
    public TextMask DenoiserMask { get; init; }

    /// <summary>What the denoiser finds in the rows of padding of the encoders that are looked into.</summary>
    public PaddingRows PaddingRows { get; init; }

    /// <summary>Where it finds it; of no meaning where <see cref="PaddingRows"/> is native.</summary>
    public PaddingRowsAt PaddingRowsAt { get; init; }

    /// <summary>The positions of rows that are left over where some are left out.</summary>
    public RowPositions Positions { get; init; }

    /// <summary>How many tokens are read; null: as many as the model was loaded for.</summary>
    public TextLength? Length { get; init; }

    /// <summary>Whether nothing differs from the model's own pipeline.</summary>
    public bool IsNative => this == Native;

    /// <summary>
    /// The handling in a few characters, <c>a-z 0-9 - _</c>: what differs from the defaults, as in
    /// <c>encoder-mask-off_padding-rows-zero_every-block</c>; empty for the defaults. Two handlings have the same key only where they are
    /// equal; a key never changes. Fit for the name of a file and for a cell of a CSV file.
    /// </summary>
    public string Key => string.Join('_', Parts().Where(part => part is not null));

    /// <summary>What of it holds for the other side of the guidance.</summary>
    internal TextHandling OfNegative => new() { DenoiserMask = DenoiserMask, Length = Length };

    private IEnumerable<string?> Parts() =>
    [
        EncoderMask == TextMask.Native ? null : $"encoder-mask-{Slug(EncoderMask)}",
        DenoiserMask == TextMask.Native ? null : $"denoiser-mask-{Slug(DenoiserMask)}",
        PaddingRows == PaddingRows.Native ? null : $"padding-rows-{Slug(PaddingRows)}",
        PaddingRowsAt == PaddingRowsAt.Input ? null : Slug(PaddingRowsAt),
        Positions == RowPositions.Native ? null : $"positions-{Slug(Positions)}",
        Length?.Key,
    ];

    private static string Slug<T>(T value)
        where T : struct, Enum
        => SiteSlug.OfName(value.ToString());
}
