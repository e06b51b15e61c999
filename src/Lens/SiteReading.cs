using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>
/// What the denoiser reads of a prompt at a site. Of every encoder that is looked into, row p is what the site shows where p is one of its
/// tokens, and its rest elsewhere; the others are read as ever.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="encoding">The prompt.</param>
/// <param name="site">Where the lens looks.</param>
/// <param name="mask">Whether padding is hidden in the encoders that are looked into.</param>
internal sealed class SiteReading(TextToImageModel model, PromptEncoding encoding, LensSite site, TextMask mask)
{
    private readonly ModelDescription _description = model.Description;
    private readonly SiteTexts _texts = new(model, encoding.Prompt, site, mask, encoding.Length);

    /// <summary>The rows of each of the model's reads, and the pooled vector.</summary>
    /// <exception cref="BadInputException">The model cannot look there, or a word is not the prompt's.</exception>
    public TextReads Read() => new([.. _description.Reads.Zip(_description.ReadsAt(site), Rows)], Pooled())
    {
        Rows = [.. _description.Reads.Select(RowsOf)],
    };

    /// <summary>Which positions the rows are of.</summary>
    private ReadRows RowsOf(EncoderRead own)
    {
        if (!_description.LooksInto(site, own.Encoder))
        {
            return ReadRows.Of(TokensOf(site.Others == SiteOthers.Empty ? encoding.Empty : encoding.Text, own), own);
        }

        TokenizedPrompt tokens = TokensOf(encoding.Text, own);
        return ReadRows.Of(tokens, Taken(own, tokens), [.. tokens.PositionsOf(SiteTokens.Padding)]);
    }

    private Tensor Rows(EncoderRead own, EncoderRead read)
        => !_description.LooksInto(site, own.Encoder)
                ? model.Read(site.Others == SiteOthers.Empty ? encoding.Empty : StatesOf(_texts.Native, own), own)
            : site.Tokens == SiteTokens.All && site.Source is null ? Vectors(_texts.Shown, own, read)
            : Mixed(own, read);

    /// <summary>Rows of two texts or two places: all positions are put together before those that are read are taken.</summary>
    private Tensor Mixed(EncoderRead own, EncoderRead read)
    {
        using DisposeScope scope = NewDisposeScope();
        TokenizedPrompt tokens = TokensOf(encoding.Text, own);
        EncoderRead ownWhole = own with { Positions = ReadPositions.All }, whole = read with { Positions = ReadPositions.All };
        IReadOnlyList<TokenPair> pairs = _texts.Pairs(tokens, TokensOf(StatesOf(_texts.Shown, read), own));
        Tensor shown = Vectors(_texts.Shown, ownWhole, whole);
        int[] taken = Taken(own, tokens);
        if (pairs.Count == 0)
        {
            return Rest(shown, tokens, ownWhole, whole).index_select(1, Indices(taken, shown)).MoveToOuterDisposeScope();
        }

        Tensor states = shown.index_select(1, Indices(pairs.Select(pair => pair.Source), shown));
        Tensor rows = Rest(shown, tokens, ownWhole, whole).index_copy(1, Indices(pairs.Select(pair => pair.Position), shown), states);
        return rows.index_select(1, Indices(taken, shown)).MoveToOuterDisposeScope();
    }

    /// <summary>The positions that the denoiser gets.</summary>
    private int[] Taken(EncoderRead own, TokenizedPrompt tokens)
    {
        int[] read = [.. own.PositionsIn(tokens)];
        if (site.Tokens.Position is { } token && !read.Contains(token))
        {
            throw new BadInputException(
                $"site {site.Key}: token {token} of the prompt \"{encoding.Prompt}\" is encoded, but the denoiser never gets it; "
                + $"it gets {read[0]} to {read[^1]}");
        }

        int[] taken = [.. site.Rest == SiteRest.Dropped ? read.Intersect(tokens.PositionsOf(site.Tokens)) : read];
        return taken.Length > 0 ? taken : throw new BadInputException(
            $"site {site.Key}: the prompt \"{encoding.Prompt}\" has no such token, and the rest is dropped; nothing would be left");
    }

    /// <summary>What positions show that are none of the site's tokens, <c>[1, T, width]</c>, in the type of what is shown.</summary>
    private Tensor Rest(Tensor shown, TokenizedPrompt tokens, EncoderRead own, EncoderRead read)
    {
        return (site.Tokens == SiteTokens.All ? SiteRest.Zero : site.Rest) switch
        {
            SiteRest.Empty or SiteRest.EmptyAligned => FromEmpty(Vectors(_texts.Empty, own, read)),
            SiteRest.EmptyFinal or SiteRest.EmptyAlignedFinal
                => FromEmpty(model.Read(StatesOf(_texts.EmptyFinal, own), own).to(shown.dtype)),
            SiteRest.Native => model.Read(StatesOf(_texts.Native, own), own).to(shown.dtype),
            SiteRest.Zero or SiteRest.Dropped => zeros([1, tokens.Ids.Count, shown.shape[2]], shown.dtype, shown.device),
            _ => throw new ArgumentOutOfRangeException(nameof(tokens)),
        };

        Tensor FromEmpty(Tensor empty)
            => empty.index_select(1, Indices(_texts.EmptyPositions(tokens, TokensOf(encoding.Empty, own)), empty));
    }

    /// <summary>A text's vectors at the site: normed, plain, or as long as those that the model itself reads of the same text.</summary>
    private Tensor Vectors(TextRun text, EncoderRead own, EncoderRead read)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] layers = [.. SiteTexts.Mixed(site, read).Select(layer => model.Read(StatesOf(text, layer), layer))];
        Tensor vectors = layers is [Tensor only] ? only : stack(layers, 0).mean([0L]);
        if (site.Norm == SiteNorm.Matched)
        {
            vectors = AsLongAs(vectors, model.Read(StatesOf(SiteTexts.NativeOf(text), own), own));
        }

        return vectors.MoveToOuterDisposeScope();
    }

    private Tensor? Pooled()
    {
        IReadOnlyList<EncoderRead> reads = _description.PooledReadsAt(site);
        EncodedText text = _description.EmptiesPooled(site) ? encoding.Empty : encoding.Text;
        if (site.Pooled != SitePooled.Lens || _texts.Run == EncoderRun.Native)
        {
            return model.Pooled(text, reads);
        }

        IEnumerable<EncoderStates> encoders = text.Encoders.Select((states, encoder) =>
            reads.FirstOrDefault(read => read.Encoder == encoder) is { } read && _description.LooksInto(site, encoder)
                ? StatesOf(_texts.Pooled, read).Encoders[encoder]
                : states);
        return model.Pooled(new EncodedText([.. encoders]), reads);
    }

    private EncodedText StatesOf(TextRun text, EncoderRead read)
        => encoding.Of(text, read, run => model.Encode(run.Text, run.Run with { Length = encoding.Length }));

    private static TokenizedPrompt TokensOf(EncodedText text, EncoderRead read) => text.Encoders[read.Encoder].Tokens;

    private static Tensor Indices(IEnumerable<int> positions, Tensor beside)
        => tensor([.. positions.Select(position => (long)position)], device: beside.device);

    /// <summary>Every position's vector in its own direction and as long as the other's; one without a direction stays zero.</summary>
    private static Tensor AsLongAs(Tensor vectors, Tensor others)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar zero = 0;
        Tensor own = Length(vectors);
        return vectors.mul(Length(others).div(own).masked_fill(own.eq(zero), zero)).MoveToOuterDisposeScope();

        static Tensor Length(Tensor rows) => rows.norm(-1, keepdim: true);
    }
}
