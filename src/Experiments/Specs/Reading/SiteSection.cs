using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Reads <c>site:</c>, where a condition looks but for the layer.</summary>
internal static class SiteSection
{
    private static readonly Dictionary<string, SiteNorm> Norms = new()
    {
        ["native"] = SiteNorm.Native,
        ["none"] = SiteNorm.None,
        ["matched"] = SiteNorm.Matched,
    };

    /// <param name="site">What stands under <c>site</c>, or null.</param>
    /// <param name="finalNorm">What stands under <c>final norm</c>, the earlier word for its norm, or null.</param>
    /// <returns>The site, at layer 0.</returns>
    /// <exception cref="BadInputException">A part is unknown, or is said twice.</exception>
    public static LensSite Read(Node? site, Node? finalNorm)
    {
        LensSite here = new(Layer: 0);
        if (site is null)
        {
            return finalNorm?.OneOf("answer about the final norm", ["yes", "no"]) == "no" ? here with { Norm = SiteNorm.None } : here;
        }

        if (finalNorm is not null)
        {
            throw finalNorm.Location.Error("'final norm' beside 'site'; write site: {norm: none}");
        }

        Fields fields = new(site, "the site", "norm");
        return here with { Norm = fields.Optional("norm") is { } norm ? Norms[norm.OneOf("norm of a site", Norms.Keys)] : SiteNorm.Native };
    }
}
