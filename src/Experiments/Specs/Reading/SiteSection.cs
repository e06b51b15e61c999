using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Reads <c>site:</c>, where a condition looks but for the layer.</summary>
internal static class SiteSection
{
    /// <param name="site">What stands under <c>site</c>, or null.</param>
    /// <param name="finalNorm">What stands under <c>final norm</c>, the earlier word for its norm, or null.</param>
    /// <exception cref="BadInputException">A part is unknown, is said twice, or says nothing beside the others.</exception>
    public static SiteSpec Read(Node? site, Node? finalNorm)
    {
        LensSite here = new(Layer: 0);
        if (site is null)
        {
            bool isWithout = finalNorm?.OneOf("answer about the final norm", ["yes", "no"]) == "no";
            return isWithout ? new SiteSpec(here with { Norm = SiteNorm.None }) { Location = finalNorm!.Location } : SiteSpec.Native;
        }

        if (finalNorm is not null)
        {
            throw finalNorm.Location.Error("'final norm' beside 'site'; write site: {norm: none}");
        }

        Fields fields = new(
            site, "the site", "encoder", "others", "point", "tokens", "rest", "source", "norm", "mixture", "pooled", "skip", "repeat");
        Node? tokens = fields.Optional("tokens");
        SiteSpec chosen = SiteTokensReader.Read(tokens) with { Location = site.Location, TokensLocation = tokens?.Location };
        Template? source = fields.Optional("source") is { } text ? SourceOf(text) : null;
        bool isOpen = source?.Slots.Count > 0;
        BlockChoices blocks = BlockChoices.Read(fields.Optional("skip"), fields.Optional("repeat"));
        if (fields.Optional("rest") is { } rest && chosen.Word is null && chosen.Parts.Tokens == SiteTokens.All)
        {
            throw rest.Location.Error("a rest where all positions show the site; say which do, for example tokens: prompt");
        }

        return chosen with
        {
            Source = isOpen ? source : null,
            SkipShares = blocks.Shares,
            SaysPooled = fields.Optional("pooled") is not null,
            Parts = chosen.Parts with
            {
                Encoder = fields.Word("encoder", "encoder of a site", SiteWords.Encoders),
                Others = fields.Word("others", "others of a site", SiteWords.Others),
                Point = fields.Word("point", "point of a site", SiteWords.Points),
                Rest = fields.Word("rest", "rest of a site", SiteWords.Rests),
                Source = isOpen ? null : source?.Source,
                Norm = fields.Word("norm", "norm of a site", SiteWords.Norms),
                Mixture = fields.Word("mixture", "mixture of a site", SiteWords.Mixtures),
                Pooled = fields.Word("pooled", "pooled of a site", SiteWords.Pooled),
                Skip = blocks.Numbered,
            },
        };
    }

    // The empty prompt is a source like others, if it is written out.
    private static Template SourceOf(Node node) => node is TextNode { Value.Length: 0, Indent: > 0 }
        ? new Template("", [])
        : TemplateReader.Read(node.Text("a text, such as \"a dog\" or \"{a object}\"; \"\" is the empty prompt"));
}
