namespace DiffusionLens;

/// <summary>
/// How a text goes through a model's text encoders, and what is looked at on the way: the part of a <see cref="LensSite"/> that an encoder
/// has to know. Two runs with the same values are equal.
/// </summary>
public sealed record EncoderRun
{
    /// <summary>As the model itself runs its encoders; blocks' outputs are looked at.</summary>
    public static EncoderRun Native { get; } = new();

    /// <summary>Which encoders run so; the others do not run and have no states.</summary>
    public SiteEncoder Encoder { get; init; } = SiteEncoder.All;

    /// <summary>Which vector of every block is kept: <see cref="EncoderStates.States"/>[l] is that of block l.</summary>
    public SitePoint Point { get; init; }

    /// <summary>
    /// Blocks that are left out or repeated, for what runs after them; in the order of the blocks. Blocks that an encoder does not have are
    /// of no effect on it.
    /// </summary>
    /// <exception cref="ArgumentException">A block is there twice.</exception>
    public IReadOnlyList<SiteSkip> Skip
    {
        get;
        init => field = SiteSkip.Ordered(value);
    } = [];

    /// <summary>Whether tokens attend to padding.</summary>
    public TextMask Mask { get; init; }

    /// <summary>
    /// At least how many positions are run: a text that has fewer is followed by padding, masked as the model masks it. In families that
    /// leave out padding this gives the rows that they never compute. 0: as many as the model itself reads.
    /// </summary>
    public int Positions { get; init; }

    /// <summary>
    /// How many tokens are read by the encoders whose length one may choose; null: as many as the model was loaded for.
    /// </summary>
    public int? Length { get; init; }

    /// <summary>
    /// At most how many blocks of each encoder are run; null: up to the deepest that the model reads. The states of those that are run are
    /// the same either way, so it is no part of what makes two runs equal.
    /// </summary>
    internal IReadOnlyList<int>? Blocks { get; init; }

    /// <summary>Whether all values are the same.</summary>
    public bool Equals(EncoderRun? other) => other is not null && Values == other.Values && Skip.SequenceEqual(other.Skip);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.GetHashCode();

    /// <summary>How often a block runs.</summary>
    /// <param name="block">From 1.</param>
    internal int TimesOf(int block) => Skip.FirstOrDefault(skip => skip.Block == block, new SiteSkip(block, Times: 1)).Times;

    /// <summary>Whether an encoder is given a mask that hides padding.</summary>
    /// <param name="native">Whether the model gives it one.</param>
    internal bool MasksPadding(bool native) => Mask == TextMask.Native ? native : Mask == TextMask.On;

    /// <summary>Whether an encoder runs.</summary>
    /// <param name="encoder">Its index.</param>
    internal bool IsAbout(int encoder) => Encoder.Number is not { } number || number - 1 == encoder;

    private (SiteEncoder, SitePoint, TextMask, int, int?) Values => (Encoder, Point, Mask, Positions, Length);
}
