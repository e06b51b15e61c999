using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Models;

/// <summary>Which encoders to look into, as far as the command line says; it comes before what a spec says.</summary>
/// <param name="Encoder">Which encoder, or null.</param>
/// <param name="Others">What the others show, or null.</param>
/// <param name="Pooled">What the pooled vectors show, or null.</param>
internal sealed record SiteRequest(SiteEncoder? Encoder = null, SiteOthers? Others = null, SitePooled? Pooled = null)
{
    /// <summary>A site with what was asked for.</summary>
    public LensSite Over(LensSite site) => site with
    {
        Encoder = Encoder ?? site.Encoder,
        Others = Others ?? site.Others,
        Pooled = Pooled ?? site.Pooled,
    };

    /// <summary>An experiment with every condition's site so.</summary>
    public Spec Over(Spec spec) => spec with
    {
        Conditions = [.. spec.Conditions.Select(condition => condition with { Site = Over(condition.Site) })],
    };
}
