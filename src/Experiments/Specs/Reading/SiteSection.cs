using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Reads <c>site:</c>, where a condition looks but for the layer.</summary>
internal static class SiteSection
{
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

        Fields fields = new(site, "the site", "encoder", "others", "norm", "pooled");
        return here with
        {
            Encoder = Part("encoder", SiteWords.Encoders),
            Others = Part("others", SiteWords.Others),
            Norm = Part("norm", SiteWords.Norms),
            Pooled = Part("pooled", SiteWords.Pooled),
        };

        // What is left out is native, or all: the default of each.
        T Part<T>(string key, IReadOnlyDictionary<string, T> words)
            where T : struct
            => fields.Optional(key) is { } value ? words[value.OneOf($"{key} of a site", [.. words.Keys])] : default;
    }
}
