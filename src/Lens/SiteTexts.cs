using DiffusionLens.Families;

namespace DiffusionLens;

/// <summary>What a site needs of the text encoders: which texts, run how, and what is read of them.</summary>
/// <param name="model">Whose encoders.</param>
/// <param name="prompt">The prompt.</param>
/// <param name="site">Where the lens looks.</param>
/// <param name="mask">Whether padding is hidden in the encoders that are looked into.</param>
internal sealed class SiteTexts(ModelDescription model, string prompt, LensSite site, TextMask mask)
{
    /// <summary>How encoders run for what the site shows.</summary>
    public EncoderRun Run { get; } = site is { Point: SitePoint.Block, Skip.Count: 0 } && mask == TextMask.Native
        ? EncoderRun.Native
        : new EncoderRun { Encoder = site.Encoder, Point = site.Point, Skip = site.Skip, Mask = mask };

    /// <summary>Where the shown states come from.</summary>
    public TextRun Shown => new(site.Source ?? prompt, Run);

    /// <summary>The empty prompt at the same site.</summary>
    public TextRun Empty => new("", Run);

    /// <summary>The prompt itself at the same site, of which vectors are pooled whatever text is shown.</summary>
    public TextRun Pooled => new(prompt, Run);

    /// <summary>Whether the empty prompt is shown at the same site.</summary>
    public bool ShowsEmpty => site.Tokens != SiteTokens.All && site.Rest is SiteRest.Empty or SiteRest.EmptyAligned;

    /// <summary>A text as the model itself encodes it, whose states give others their length.</summary>
    public static TextRun NativeOf(TextRun text) => text with { Run = EncoderRun.Native };

    /// <summary>The reads whose mean stands for a read: it alone where the site shows one layer.</summary>
    public static IEnumerable<EncoderRead> Mixed(LensSite site, EncoderRead read)
    {
        int first = site.Mixture == SiteMixture.None ? read.Layer : site.Point == SitePoint.Block ? 0 : 1;
        return Enumerable.Range(first, read.Layer - first + 1).Select(layer => read with { Layer = layer });
    }

    /// <summary>All texts that are needed, and what is read of each.</summary>
    /// <exception cref="BadInputException">The model cannot look there.</exception>
    public IEnumerable<TextNeed> Needed()
    {
        IReadOnlyList<EncoderRead> reads = [.. model.ReadsAt(site).SelectMany(read => Mixed(site, read))];
        IEnumerable<TextRun> shown = ShowsEmpty ? [Shown, Empty] : [Shown];
        foreach (TextRun text in shown)
        {
            yield return new TextNeed(text, LookedInto(reads));
            if (site.Norm == SiteNorm.Matched)
            {
                yield return new TextNeed(NativeOf(text), LookedInto(model.Reads));
            }
        }

        if (site.Pooled == SitePooled.Lens)
        {
            yield return new TextNeed(Pooled, LookedInto(model.PooledReadsAt(site)));
        }
    }

    private IReadOnlyList<EncoderRead> LookedInto(IReadOnlyList<EncoderRead> reads)
        => [.. reads.Where(read => model.LooksInto(site, read.Encoder))];
}
