namespace DiffusionLens.Families;

/// <summary>What a model cannot show, and what would change nothing, is refused.</summary>
internal static class SiteChecks
{
    /// <summary>Refuses choices, whatever the layer.</summary>
    /// <exception cref="BadInputException">The model has no such encoder, block, token or vector, or the choice has no effect.</exception>
    public static void RequireChoices(ModelDescription model, LensSite site)
    {
        RequireEncoder(model, site);
        RequirePooled(model, site);
        RequireTokens(model, site);
        RequireBlocks(model, site);
        EncoderRead[] shown = [.. model.ReadsLookedInto(site)];
        Require(
            site.Norm == SiteNorm.Native || shown.Length > 0,
            $"norm is {Word(site.Norm)}, but of encoder {site.Encoder.Number} this model reads a pooled vector alone");
        Require(
            site.Norm != SiteNorm.None || shown.Any(read => read.Normed),
            "norm is none, but this model reads what is looked into without a norm; norm: matched scales it");
    }

    /// <summary>Refuses sub-blocks of what is no block.</summary>
    /// <param name="model">The model.</param>
    /// <param name="site">Where the lens looks.</param>
    /// <param name="reads">What is looked at.</param>
    /// <exception cref="BadInputException">Embeddings, or a block that is left out, are to be looked into.</exception>
    public static void RequireSubBlocks(ModelDescription model, LensSite site, IEnumerable<EncoderRead> reads)
    {
        if (site.Point == SitePoint.Block)
        {
            return;
        }

        HashSet<int> leftOut = [.. site.Skip.Where(skip => skip.Times == 0).Select(skip => skip.Block)];
        foreach (EncoderRead read in reads)
        {
            Require(
                read.Layer > 0,
                $"point is {Word(site.Point)}, but layer {site.Layer} is that of {model.Encoders[read.Encoder].Name}'s embeddings, which "
                + "have no attention and no MLP; look at layer 1 or deeper");
            Require(
                !leftOut.Contains(read.Layer),
                $"point is {Word(site.Point)} of block {read.Layer}, which is left out");
        }
    }

    /// <summary>Refuses a mask whose effect none of what is read shows. One that the encoders have anyway is taken, so that on and off
    /// mean the same for every model.</summary>
    /// <exception cref="BadInputException">It would change nothing.</exception>
    public static void RequireMask(ModelDescription model, LensSite site, TextMask mask)
    {
        if (mask == TextMask.Native)
        {
            return;
        }

        RequireEncoder(model, site);
        // What precedes padding does not see it in a decoder.
        Require(
            model.Reads.Any(read => model.LooksInto(site, read.Encoder)
                && !(read.Positions is ReadPositions.Written or ReadPositions.Kept
                    && model.Encoders[read.Encoder].Mask?.HasFlag(EncoderMask.Causal) == true)),
            $"encoder mask is {Word(mask)}, but {model.Family} reads no padding, and what is written before it does not see it");
    }

    private static void RequireEncoder(ModelDescription model, LensSite site)
    {
        if (site.Encoder.Number is { } number)
        {
            Require(
                number >= 1 && number <= model.Encoders.Count,
                $"encoder is {number}; this model has {(model.Encoders.Count == 1 ? "one, 1" : $"1 to {model.Encoders.Count}")}");
            Require(
                model.Reads.Any(read => read.Encoder == number - 1) || site.Pooled == SitePooled.Lens,
                $"encoder is {number}, of which this model reads a pooled vector alone; look at that with pooled: lens");
        }

        bool hasOne = model.Reads.All(read => read.Encoder == model.Reads[0].Encoder);
        Require(
            site.Others == SiteOthers.Native || model.Reads.Any(read => !model.LooksInto(site, read.Encoder)),
            "other encoders are to be empty, but every encoder that this model reads as a sequence is looked into; "
            + $"it reads {(hasOne ? "one" : $"encoders {Numbers(model.Reads)}: name one of them")}");
    }

    private static void RequirePooled(ModelDescription model, LensSite site)
    {
        Require(
            site.Pooled == SitePooled.Native || model.PooledReads.Count > 0,
            $"pooled is {Word(site.Pooled)}; this model reads no pooled vector");
        Require(
            site.Pooled != SitePooled.Lens || model.PooledReads.Any(read => model.LooksInto(site, read.Encoder)),
            "pooled is lens, but of what is looked into this model reads no pooled vector; "
            + $"it reads one of encoder {Numbers(model.PooledReads)}");
    }

    private static void RequireTokens(ModelDescription model, LensSite site)
    {
        EncoderRead[] shown = [.. model.ReadsLookedInto(site)];
        bool hasTemplate = shown.All(read => model.Encoders[read.Encoder].HasTemplate);
        Require(
            shown.Length > 0 || (site.Tokens == SiteTokens.All && site.Source is null),
            $"encoder is {site.Encoder.Number}, of which this model reads a pooled vector alone: it has no tokens to show, "
            + "nor another text's");
        Require(
            site.Tokens != SiteTokens.All || site.Rest == SiteRest.Empty,
            $"rest is {Word(site.Rest)}, but all tokens are shown; say which: tokens: prompt, padding, word: X, token: n");
        Require(
            hasTemplate || site.Tokens != SiteTokens.Template,
            "tokens is template, but this model writes prompts into none");
        Require(
            hasTemplate || site.Rest is not (SiteRest.EmptyAligned or SiteRest.EmptyAlignedFinal),
            $"rest is {Word(site.Rest)}, but this model writes prompts into no template, by which rows align; rest: empty is its like");
        Require(
            site.Rest != SiteRest.Dropped || model.CanDropRows,
            $"rest is dropped, but {model.Family} reads texts of one length; rest: zero is its like");
        Require(
            site.Tokens != SiteTokens.Padding || shown.Any(read => read.Positions == ReadPositions.All),
            "tokens is padding, but this model reads none");
    }

    private static void RequireBlocks(ModelDescription model, LensSite site)
    {
        IEnumerable<EncoderRead> shown = model.ReadsLookedInto(site)
            .Concat(model.PooledReads.Where(read => site.Pooled == SitePooled.Lens && model.LooksInto(site, read.Encoder)));
        int deepest = shown.Select(read => read.Layer).DefaultIfEmpty(0).Max();
        foreach (SiteSkip skip in site.Skip)
        {
            Require(
                skip.Block >= 1 && skip.Block <= deepest,
                $"block {skip.Block} is to be {(skip.Times == 0 ? "left out" : "repeated")}; blocks 1 to {deepest} are looked into here");
            Require(
                skip.Times is 0 or > 1,
                $"block {skip.Block} is to run {skip.Times} times; 0 leaves it out, 2 or more repeat it");
        }
    }

    private static string Numbers(IEnumerable<EncoderRead> reads) => string.Join(", ", reads.Select(read => read.Encoder + 1).Distinct());

    private static string Word<T>(T value)
        where T : struct, Enum
        => SiteSlug.OfName(value.ToString());

    private static void Require(bool holds, string error)
    {
        if (!holds)
        {
            throw new BadInputException(error);
        }
    }
}
