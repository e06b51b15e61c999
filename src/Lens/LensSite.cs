using System.Globalization;

namespace DiffusionLens;

/// <summary>
/// Where the lens looks into a model's text encoders: what the denoiser is shown in place of the states that it reads. The defaults are
/// the paper's lens, ln_f(h^l) at all positions. Two sites with the same values are equal.
/// </summary>
/// <param name="Layer">
/// l: the state after block l, 0 (the embeddings) to <see cref="Families.ModelDescription.DeepestLayer"/>, the deepest that is read.
/// </param>
public sealed record LensSite(int Layer)
{
    /// <summary>Which encoder is looked into.</summary>
    public SiteEncoder Encoder { get; init; } = SiteEncoder.All;

    /// <summary>What the encoders show that are not looked into.</summary>
    public SiteOthers Others { get; init; }

    /// <summary>Which state of block l is shown.</summary>
    public SitePoint Point { get; init; }

    /// <summary>Which positions show it.</summary>
    public SiteTokens Tokens { get; init; } = SiteTokens.All;

    /// <summary>
    /// What the other positions show; where <see cref="Tokens"/> is all there are none, and anything but the default is refused.
    /// </summary>
    public SiteRest Rest { get; init; }

    /// <summary>
    /// Another text, run by itself, whose states are shown in place of the prompt's; null: the prompt's own. A word's tokens show those of
    /// the same word there, first to first; in a chat template a set shows the tokens of the same role, else those at the same positions.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Whether the states go through the encoder's final norm.</summary>
    public SiteNorm Norm { get; init; }

    /// <summary>What the pooled vectors show.</summary>
    public SitePooled Pooled { get; init; }

    /// <summary>Blocks that are left out or repeated, for what runs after them; each at most once, in the order of the blocks.</summary>
    /// <exception cref="ArgumentException">A block is there twice.</exception>
    public IReadOnlyList<SiteSkip> Skip
    {
        get;
        init => field = SiteSkip.Ordered(value);
    } = [];

    /// <summary>
    /// The site in a few characters, <c>a-z 0-9 - _</c>: <c>layer-08</c>, and what differs from the defaults, as in
    /// <c>layer-08_tokens-word-dog_norm-none</c>. Two sites have the same key only where they are equal; the key of a site never changes.
    /// Fit for the name of a file (or a part of it) and for a cell of a CSV file.
    /// </summary>
    public string Key => string.Join('_', Parts().Where(part => part is not null));

    /// <summary>The same place at another layer.</summary>
    public LensSite At(int layer) => this with { Layer = layer };

    /// <summary>Whether all values are the same.</summary>
    public bool Equals(LensSite? other) => other is not null && Values == other.Values && Skip.SequenceEqual(other.Skip);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.GetHashCode();

    private (int, SiteEncoder, SiteOthers, SitePoint, SiteTokens, SiteRest, string?, SiteNorm, SitePooled) Values
        => (Layer, Encoder, Others, Point, Tokens, Rest, Source, Norm, Pooled);

    private IEnumerable<string?> Parts() =>
    [
        string.Create(CultureInfo.InvariantCulture, $"layer-{Layer:00}"),
        Encoder.Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"encoder-{number}") : null,
        Part("others", Others),
        Part("point", Point),
        Tokens == SiteTokens.All ? null : $"tokens-{Tokens.Key}",
        Part("rest", Rest),
        Source is null ? null : $"source-{SiteSlug.Of(Source)}",
        Part("norm", Norm),
        Part("pooled", Pooled),
        Skip.Count == 0 ? null : $"skip-{string.Join('-', Skip.Select(skip => skip.Key))}",
    ];

    private static string? Part<T>(string name, T value)
        where T : struct, Enum
        => EqualityComparer<T>.Default.Equals(value, default) ? null : $"{name}-{SiteSlug.OfName(value.ToString())}";
}
