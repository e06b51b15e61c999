using DiffusionLens.Families;

namespace DiffusionLens;

/// <summary>The texts that a site needs of the encoders, besides the prompt and the empty prompt as the model itself encodes them.</summary>
internal static class SiteTexts
{
    /// <summary>How encoders run for what a site shows.</summary>
    public static EncoderRun RunOf(LensSite site)
        => site is { Point: SitePoint.Block, Skip.Count: 0 }
            ? EncoderRun.Native
            : new EncoderRun { Encoder = site.Encoder, Point = site.Point, Skip = site.Skip };

    /// <summary>Where the shown states come from.</summary>
    public static TextRun Shown(string prompt, LensSite site) => new(site.Source ?? prompt, RunOf(site));

    /// <summary>The text whose native read gives the shown states their length.</summary>
    public static TextRun Native(string prompt, LensSite site) => new(site.Source ?? prompt, EncoderRun.Native);

    /// <summary>The empty prompt at the same site.</summary>
    public static TextRun Empty(LensSite site) => new("", RunOf(site));

    /// <summary>All that is needed.</summary>
    public static IEnumerable<TextRun> Of(string prompt, LensSite site)
    {
        yield return Shown(prompt, site);
        if (site.Norm == SiteNorm.Matched)
        {
            yield return Native(prompt, site);
        }

        if (site.Tokens != SiteTokens.All && site.Rest is SiteRest.Empty or SiteRest.EmptyAligned)
        {
            yield return Empty(site);
        }
    }
}
