using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;

namespace DiffusionLens;

/// <summary>What a site needs of the text encoders: which texts, run how, and what is read of them.</summary>
/// <param name="model">Whose encoders.</param>
/// <param name="prompt">The prompt.</param>
/// <param name="site">Where the lens looks.</param>
/// <param name="mask">Whether padding is hidden in the encoders that are looked into.</param>
/// <param name="length">How many tokens are read of every text; null: as many as the model was loaded for.</param>
internal sealed class SiteTexts(TextToImageModel model, string prompt, LensSite site, TextMask mask, int? length = null)
{
    private readonly ModelDescription _description = model.Description;

    /// <summary>How encoders run for what the site shows.</summary>
    public EncoderRun Run { get; } = site is { Point: SitePoint.Block, Skip.Count: 0 } && mask == TextMask.Native
        ? EncoderRun.Native
        : new EncoderRun { Encoder = site.Encoder, Point = site.Point, Skip = site.Skip, Mask = mask };

    /// <summary>Where the shown states come from.</summary>
    public TextRun Shown => site.Source is { } source
        ? new(source, Lengthened(Run, source, (tokens, other) => Pairs(tokens, other).Select(pair => pair.Source)))
        : new(prompt, Run);

    /// <summary>The empty prompt at the same site.</summary>
    public TextRun Empty => new("", Lengthened(Run, "", EmptyPositions));

    /// <summary>The empty prompt as the model reads it.</summary>
    public TextRun EmptyFinal => new("", Lengthened(EncoderRun.Native, "", EmptyPositions));

    /// <summary>The prompt itself at the same site, of which vectors are pooled whatever text is shown.</summary>
    public TextRun Pooled => new(prompt, Run);

    /// <summary>The prompt as the model itself reads it.</summary>
    public TextRun Native => new(prompt, EncoderRun.Native);

    /// <summary>Whether there is a rest, which shows nothing of the prompt.</summary>
    private bool HasRest => site.Tokens != SiteTokens.All;

    /// <summary>A text as the model itself encodes it, whose states give others their length.</summary>
    public static TextRun NativeOf(TextRun text) => text with { Run = EncoderRun.Native with { Positions = text.Run.Positions } };

    /// <summary>Which positions show the site, and where their states are taken from.</summary>
    /// <param name="tokens">The prompt.</param>
    /// <param name="shown">The text whose states are shown.</param>
    /// <exception cref="BadInputException">A word is not in one of them.</exception>
    public IReadOnlyList<TokenPair> Pairs(TokenizedPrompt tokens, TokenizedPrompt shown) => site.Source is null
        ? [.. tokens.PositionsOf(site.Tokens).Select(position => new TokenPair(position, position))]
        : tokens.PairsWith(site.Tokens, shown);

    /// <summary>For each position of the prompt the one whose state it shows if it shows the empty prompt.</summary>
    public IReadOnlyList<int> EmptyPositions(TokenizedPrompt tokens, TokenizedPrompt empty)
        => site.Rest is SiteRest.EmptyAligned or SiteRest.EmptyAlignedFinal
            ? tokens.EmptyAligned(empty)
            : [.. Enumerable.Range(0, tokens.Ids.Count)];

    /// <summary>The reads whose mean stands for a read: it alone where the site shows one layer.</summary>
    public static IEnumerable<EncoderRead> Mixed(LensSite site, EncoderRead read)
    {
        int first = site.Mixture == SiteMixture.None ? read.Layer : site.Point == SitePoint.Block ? 0 : 1;
        return Enumerable.Range(first, read.Layer - first + 1).Select(layer => read with { Layer = layer });
    }

    /// <summary>All texts that are needed, and what is read of each.</summary>
    /// <exception cref="BadInputException">The model cannot look there, or a word or token is not in a text.</exception>
    public IEnumerable<TextNeed> Needed()
    {
        IReadOnlyList<EncoderRead> reads = [.. _description.ReadsAt(site).SelectMany(read => Mixed(site, read))];
        RequireTokens();
        IEnumerable<TextRun> shown = HasRest && site.Rest is SiteRest.Empty or SiteRest.EmptyAligned ? [Shown, Empty] : [Shown];
        foreach (TextRun text in shown)
        {
            yield return new TextNeed(text, LookedInto(reads));
            if (site.Norm == SiteNorm.Matched)
            {
                yield return new TextNeed(NativeOf(text), LookedInto(_description.Reads));
            }
        }

        if (HasRest && site.Rest is SiteRest.EmptyFinal or SiteRest.EmptyAlignedFinal)
        {
            yield return new TextNeed(EmptyFinal, LookedInto(_description.Reads));
        }

        if (HasRest && site.Rest == SiteRest.Native)
        {
            yield return new TextNeed(Native, LookedInto(_description.Reads));
        }

        if (site.Others == SiteOthers.Native)
        {
            yield return new TextNeed(Native, [.. _description.Reads.Where(read => !_description.LooksInto(site, read.Encoder))]);
        }

        if (site.Pooled == SitePooled.Lens)
        {
            yield return new TextNeed(Pooled, LookedInto(_description.PooledReadsAt(site)));
        }
    }

    private IReadOnlyList<EncoderRead> LookedInto(IReadOnlyList<EncoderRead> reads)
        => [.. reads.Where(read => _description.LooksInto(site, read.Encoder))];

    /// <summary>A word that is not in a prompt is to be known before encoders run.</summary>
    private void RequireTokens()
    {
        if (site.Tokens is { Text: null, Position: null })
        {
            return;
        }

        IReadOnlyList<TokenizedPrompt> here = model.TokensOf(prompt, length), there = model.TokensOf(site.Source ?? prompt, length);
        foreach (EncoderRead read in LookedInto(_description.Reads))
        {
            Pairs(here[read.Encoder], there[read.Encoder]);
        }
    }

    /// <summary>A run that goes on into padding where positions are needed that the model itself does not read of a text.</summary>
    private EncoderRun Lengthened(EncoderRun run, string text, Func<TokenizedPrompt, TokenizedPrompt, IEnumerable<int>> needed)
    {
        IReadOnlyList<TokenizedPrompt> here = model.TokensOf(prompt, length), there = model.TokensOf(text, length);
        IEnumerable<int> beyond =
            from encoder in LookedInto(_description.Reads).Select(read => read.Encoder).Distinct()
            let last = needed(here[encoder], there[encoder]).DefaultIfEmpty(-1).Max()
            where last >= there[encoder].Ids.Count
            select last + 1;
        return run with { Positions = beyond.DefaultIfEmpty(0).Max() };
    }
}
