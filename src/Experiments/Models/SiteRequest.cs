using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Models;

/// <summary>Where to look, as far as the command line says; each part comes before what a spec says. What is null was not said.</summary>
internal sealed record SiteRequest
{
    /// <summary>Which encoder.</summary>
    public SiteEncoder? Encoder { get; init; }

    /// <summary>What the others show.</summary>
    public SiteOthers? Others { get; init; }

    /// <summary>Which state of block l.</summary>
    public SitePoint? Point { get; init; }

    /// <summary>Which positions.</summary>
    public SiteTokens? Tokens { get; init; }

    /// <summary>What the other positions show.</summary>
    public SiteRest? Rest { get; init; }

    /// <summary>Another text whose states are shown.</summary>
    public string? Source { get; init; }

    /// <summary>Whether states are normed.</summary>
    public SiteNorm? Norm { get; init; }

    /// <summary>Whether a layer is shown alone or with those below it.</summary>
    public SiteMixture? Mixture { get; init; }

    /// <summary>What the pooled vectors show.</summary>
    public SitePooled? Pooled { get; init; }

    /// <summary>Blocks that are left out or repeated.</summary>
    public IReadOnlyList<SiteSkip>? Skip { get; init; }

    /// <summary>What was asked for, as a part of a site's key; empty where nothing was that differs from the paper's lens.</summary>
    public string Key => SiteWords.BesideLayer(Changed(SiteSpec.Native).Parts);

    /// <summary>A site with what was asked for.</summary>
    /// <exception cref="BadInputException">What was asked for is of no effect on it.</exception>
    public SiteSpec Over(SiteSpec site)
    {
        SiteSpec chosen = Changed(site);
        return Rest is null || chosen.Word is not null || chosen.Parts.Tokens != SiteTokens.All
            ? this == new SiteRequest() ? site : chosen with { Location = null }
            : throw new BadInputException("--rest without --tokens: all positions show the site; say which do, as in --tokens prompt");
    }

    private SiteSpec Changed(SiteSpec site) => site with
    {
        Parts = site.Parts with
        {
            Encoder = Encoder ?? site.Parts.Encoder,
            Others = Others ?? site.Parts.Others,
            Point = Point ?? site.Parts.Point,
            Tokens = Tokens ?? site.Parts.Tokens,
            Rest = Rest ?? site.Parts.Rest,
            Source = Source ?? site.Parts.Source,
            Norm = Norm ?? site.Parts.Norm,
            Mixture = Mixture ?? site.Parts.Mixture,
            Pooled = Pooled ?? site.Parts.Pooled,
            Skip = Skip ?? site.Parts.Skip,
        },
        Word = Tokens is null ? site.Word : null,
        Source = Source is null ? site.Source : null,
        SkipShares = Skip is null ? site.SkipShares : [],
        TokensLocation = Tokens is null ? site.TokensLocation : new SourceLocation("--tokens"),
    };

    /// <summary>An experiment with every condition's site so.</summary>
    /// <exception cref="BadInputException">What was asked for is of no effect on one.</exception>
    public Spec Over(Spec spec) => spec with
    {
        Conditions = [.. spec.Conditions.Select(condition => condition with { Site = Over(condition.Site) })],
    };
}
