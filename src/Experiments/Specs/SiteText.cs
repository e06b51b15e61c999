using DiffusionLens;

namespace Experiments.Specs;

/// <summary>A site, and what is done to a prompt's text, in words that a person reads.</summary>
internal static class SiteText
{
    /// <summary>Sentences about all that is not the paper's lens; empty where it is.</summary>
    /// <param name="site">Where the lens looks; its layer is not said.</param>
    /// <param name="text">What is done to the prompt's masks, its length and its padding.</param>
    public static string Say(LensSite site, TextHandling text) =>
        string.Join(' ', Sentences(site).Concat(Sentences(text)).Where(sentence => sentence.Length > 0));

    private static IEnumerable<string> Sentences(LensSite site) =>
    [
        site.Encoder.Number is { } number ? $"Encoder {number} alone." : "",
        site.Others == SiteOthers.Empty ? "The other encoders read the empty prompt." : "",
        site.Point switch
        {
            SitePoint.Attention => "States between attention and MLP.",
            SitePoint.AttentionOut => "What attention adds, alone.",
            SitePoint.MlpOut => "What the MLP adds, alone.",
            _ => "",
        },
        Shown(site),
        site.Norm switch
        {
            SiteNorm.None => "Without the encoder's final norm.",
            SiteNorm.Matched => "Without the encoder's final norm, as long as what the model reads.",
            _ => "",
        },
        site.Mixture == SiteMixture.Mean ? "The mean of the layers up to it." : "",
        site.Pooled switch
        {
            SitePooled.Empty => "Pooled vectors of the empty prompt.",
            SitePooled.EmptyBelow => "Pooled vectors of the empty prompt below the last layer.",
            SitePooled.Lens => "Pooled vectors of the layer.",
            _ => "",
        },
        Blocks("left out", site.Skip.Where(skip => skip.Times == 0)),
        Blocks("twice", site.Skip.Where(skip => skip.Times > 0)),
    ];

    private static IEnumerable<string> Sentences(TextHandling text) =>
    [
        text.EncoderMask == TextMask.Native ? "" : $"The encoder's mask is {Word(text.EncoderMask)}.",
        text.DenoiserMask == TextMask.Native ? "" : $"The denoiser's mask is {Word(text.DenoiserMask)}.",
        text.PaddingRows switch
        {
            PaddingRows.Zero => $"Padding is zeros{Where(text.PaddingRowsAt)}.",
            PaddingRows.Empty => $"Padding is the empty prompt's{Where(text.PaddingRowsAt)}.",
            PaddingRows.Own => $"Padding is its own again{Where(text.PaddingRowsAt)}.",
            PaddingRows.Cut => "Padding is cut off.",
            _ => "",
        },
        text.Length is not { } length ? ""
            : length.Tokens is { } tokens ? $"{tokens} tokens are read." : "As many tokens are read as the prompt has.",
    ];

    private static string Shown(LensSite site)
    {
        string states = site.Source switch
        {
            null => "The layer",
            "" => "The empty prompt's layer",
            var text => $"The layer of \"{text}\"",
        };
        if (site.Tokens == SiteTokens.All)
        {
            return site.Source is null ? "" : $"{states}, not the prompt's.";
        }

        string tokens = site.Tokens.Text is { } word ? $"in the tokens of \"{word}\""
            : site.Tokens.Position is { } position ? $"in token {position}"
            : site.Tokens == SiteTokens.Prompt ? "in the prompt's words"
            : site.Tokens == SiteTokens.Padding ? "in the padding"
            : "in the chat template";
        return site.Rest switch
        {
            SiteRest.Dropped => $"{states} {tokens}; there are no other rows.",
            _ => $"{states} {tokens}; elsewhere {Rest(site.Rest)}.",
        };
    }

    private static string Rest(SiteRest rest) => rest switch
    {
        SiteRest.Empty => "the empty prompt at the same layer",
        SiteRest.EmptyFinal => "the empty prompt as the model reads it",
        SiteRest.EmptyAligned => "the empty prompt at the same layer, by role",
        SiteRest.EmptyAlignedFinal => "the empty prompt as the model reads it, by role",
        SiteRest.Zero => "zeros",
        _ => "the prompt as the model reads it",
    };

    private static string Where(PaddingRowsAt place) => place switch
    {
        PaddingRowsAt.Embedded => " behind the denoiser's text embedder",
        PaddingRowsAt.EveryBlock => " before every block of the denoiser",
        _ => "",
    };

    private static string Blocks(string what, IEnumerable<SiteSkip> skips)
    {
        int[] blocks = [.. skips.Select(skip => skip.Block)];
        return blocks.Length == 0 ? "" : $"Block{(blocks.Length > 1 ? "s" : "")} {string.Join(", ", blocks)} {what}.";
    }

    private static string Word(TextMask mask) => mask == TextMask.On ? "on" : "off";
}
