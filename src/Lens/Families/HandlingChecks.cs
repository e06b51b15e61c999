namespace DiffusionLens.Families;

/// <summary>What cannot be done to a model's texts, and what would change nothing, is refused.</summary>
internal static class HandlingChecks
{
    /// <summary>Refuses before anything is loaded what the model cannot do.</summary>
    /// <exception cref="BadInputException">The handling would be of no effect, or there is nothing that it could be done to.</exception>
    public static void Require(ModelDescription model, LensSite site, TextHandling handling)
    {
        RequireDenoiserMask(model, handling.DenoiserMask);
        RequirePaddingRows(model, site, handling);
        RequirePositions(model, site, handling);
        RequireLength(model, site, handling);
    }

    private static void RequireDenoiserMask(ModelDescription model, TextMask mask)
    {
        if (mask == TextMask.Native)
        {
            return;
        }

        Require(ReadsPadding(model.Reads), $"denoiser mask is {Word(mask)}, but {model.Family}'s denoiser is given no padding");
    }

    private static void RequirePaddingRows(ModelDescription model, LensSite site, TextHandling handling)
    {
        (PaddingRows rows, PaddingRowsAt at) = (handling.PaddingRows, handling.PaddingRowsAt);
        if (rows is PaddingRows.Native or PaddingRows.Cut)
        {
            Require(
                at == PaddingRowsAt.Input,
                $"padding rows at is {Word(at)}, but padding rows is {Word(rows)}; it says where rows are set to zero, empty or own");
        }

        if (rows == PaddingRows.Native)
        {
            return;
        }

        Require(
            ReadsPadding(model.ReadsLookedInto(site)),
            $"padding rows is {Word(rows)}, but {model.Family}'s denoiser is given no padding");
        Require(
            at == PaddingRowsAt.Input || model.CarriesTextRows,
            $"padding rows at is {Word(at)}, but the blocks of {model.Family}'s denoiser read the same rows each and write none; "
            + "padding rows at: input");
        Require(
            rows != PaddingRows.Own || at == PaddingRowsAt.EveryBlock,
            $"padding rows is own, which they are at {Word(at)} anyway; padding rows at: every block");
        Require(
            rows != PaddingRows.Cut || site.Tokens != SiteTokens.Padding,
            "tokens is padding, but padding rows is cut, which leaves none");
        // Without any other rows hidden ones are all that is seen.
        Require(
            rows == PaddingRows.Cut || site.Rest == SiteRest.Dropped || !model.MasksPadding || handling.DenoiserMask == TextMask.Off,
            $"padding rows is {Word(rows)}, but {model.Family}'s denoiser hides padding from the image; denoiser mask: off shows it");
    }

    private static void RequirePositions(ModelDescription model, LensSite site, TextHandling handling)
    {
        if (handling.Positions == RowPositions.Native)
        {
            return;
        }

        Require(model.KnowsTextPositions, $"positions is kept, but {model.Family}'s denoiser does not know where in a text a row is");
        Require(
            site.Rest == SiteRest.Dropped,
            "positions is kept, but no rows are left out before others; rest: dropped leaves rows out");
    }

    private static void RequireLength(ModelDescription model, LensSite site, TextHandling handling)
    {
        if (handling.Length is not { } length)
        {
            return;
        }

        Require(
            Enumerable.Range(0, model.Encoders.Count).Any(model.HasFreeLength),
            $"{length.Key} is asked for, but this model lacks the text encoder whose length one may choose");
        Require(
            length.Tokens is not { } tokens || model.SequenceLength is not { } limit || (tokens >= limit.Least && tokens <= limit.Largest),
            $"length is {length.Tokens}; this model takes {model.SequenceLength?.Least} to {model.SequenceLength?.Largest}");
        Require(
            length.Tokens is not null || ReadsPadding(model.Reads),
            $"length is fit, but {model.Family}'s denoiser is given no padding: every length that is long enough fits");
        bool staysPadded = model.ReadsLookedInto(site).Any(read => !model.HasFreeLength(read.Encoder));
        Require(
            length.Tokens is not null || staysPadded || handling.PaddingRows == PaddingRows.Native,
            $"padding rows is {Word(handling.PaddingRows)}, but length is fit, which leaves no padding");
        Require(
            length.Tokens is not null || staysPadded || handling.EncoderMask == TextMask.Native,
            $"encoder mask is {Word(handling.EncoderMask)}, but length is fit, which leaves no padding");
        Require(
            length.Tokens is not null || staysPadded || site.Tokens != SiteTokens.Padding,
            "tokens is padding, but length is fit, which leaves no padding");
    }

    private static bool ReadsPadding(IEnumerable<EncoderRead> reads) => reads.Any(read => read.Positions == ReadPositions.All);

    private static string Word<T>(T value)
        where T : struct, Enum
        => SiteSlug.OfName(value.ToString()).Replace('-', ' ');

    private static void Require(bool holds, string error)
    {
        if (!holds)
        {
            throw new BadInputException(error);
        }
    }
}
