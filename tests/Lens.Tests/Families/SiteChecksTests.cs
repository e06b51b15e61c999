using DiffusionLens.Families;

namespace DiffusionLens.Tests.Families;

/// <summary>What a model cannot show, and what would change nothing, is refused with the reason.</summary>
public sealed class SiteChecksTests
{
    private static readonly EncoderDescription Clip =
        new("text_encoder", EncoderKind.Clip, 12, HasFinalNorm: true) { Mask = EncoderMask.Causal };

    private static readonly EncoderDescription T5 =
        new("text_encoder_2", EncoderKind.T5, 24, HasFinalNorm: true) { Mask = EncoderMask.None };

    private static readonly EncoderDescription Qwen = new("text_encoder", EncoderKind.Qwen3, 36, HasFinalNorm: true)
    {
        Mask = EncoderMask.Causal | EncoderMask.Padding,
        HasTemplate = true,
    };

    private static readonly ModelDescription StableDiffusion = Of(Clip, new EncoderRead(0, 12, Normed: true, ReadPositions.All));

    private static readonly ModelDescription Flux = Of(Clip, new EncoderRead(1, 24, Normed: true, ReadPositions.All)) with
    {
        Encoders = [Clip, T5],
        PooledReads = [new EncoderRead(0, 12, Normed: true, ReadPositions.Pooled)],
    };

    private static readonly ModelDescription Klein = Of(
        Qwen, [.. new[] { 9, 18, 27 }.Select(layer => new EncoderRead(0, layer, Normed: false, ReadPositions.All))]) with
    {
        CanDropRows = true,
    };

    private static readonly ModelDescription ZImage = Of(Qwen, new EncoderRead(0, 35, Normed: false, ReadPositions.Written)) with
    {
        CanDropRows = true,
    };

    public static TheoryData<string, LensSite, string> Refused => new()
    {
        {
            nameof(StableDiffusion),
            new(0) { Point = SitePoint.MlpOut },
            "point is mlp-out, but layer 0 is that of text_encoder's embeddings"
        },
        {
            nameof(StableDiffusion),
            new(5) { Point = SitePoint.Attention, Skip = [new(5)] },
            "point is attention of block 5, which is left out"
        },
        { nameof(Klein), new(27) { Point = SitePoint.Attention, Skip = [new(18)] }, "point is attention of block 18, which is left out" },
        { nameof(StableDiffusion), new(5) { Skip = [new(13)] }, "block 13 is to be left out; blocks 1 to 12 are looked into here" },
        { nameof(StableDiffusion), new(5) { Skip = [new(0, 2)] }, "block 0 is to be repeated; blocks 1 to 12" },
        { nameof(StableDiffusion), new(5) { Skip = [new(3, 1)] }, "block 3 is to run 1 times; 0 leaves it out, 2 or more repeat it" },
        { nameof(Klein), new(27) { Skip = [new(28)] }, "block 28 is to be left out; blocks 1 to 27" },
        { nameof(Flux), new(24) { Encoder = SiteEncoder.Nth(2), Skip = [new(25, 2)] }, "block 25 is to be repeated; blocks 1 to 24" },
        { nameof(Klein), new(9) { Norm = SiteNorm.None }, "norm is none, but this model reads what is looked into without a norm" },
        {
            nameof(Flux),
            new(9) { Encoder = SiteEncoder.Nth(1), Pooled = SitePooled.Lens, Norm = SiteNorm.Matched },
            "norm is matched, but of encoder 1 this model reads a pooled vector alone"
        },
        {
            nameof(Flux),
            new(9) { Encoder = SiteEncoder.Nth(1), Pooled = SitePooled.Lens, Tokens = SiteTokens.Prompt },
            "encoder is 1, of which this model reads a pooled vector alone: it has no tokens"
        },
        { nameof(StableDiffusion), new(5) { Rest = SiteRest.Zero }, "rest is zero, but all tokens are shown; say which" },
        { nameof(StableDiffusion), new(5) { Tokens = SiteTokens.Template }, "tokens is template, but this model writes prompts into none" },
        {
            nameof(StableDiffusion),
            new(5) { Tokens = SiteTokens.Prompt, Rest = SiteRest.EmptyAlignedFinal },
            "rest is empty-aligned-final, but this model writes prompts into no template"
        },
        {
            nameof(StableDiffusion),
            new(5) { Tokens = SiteTokens.Prompt, Rest = SiteRest.Dropped },
            "rest is dropped, but A family reads texts of"
        },
        { nameof(ZImage), new(5) { Tokens = SiteTokens.Padding }, "tokens is padding, but this model reads none" },
    };

    public static TheoryData<string, LensSite> Taken => new()
    {
        { nameof(StableDiffusion), new(1) { Point = SitePoint.AttentionOut, Norm = SiteNorm.Matched, Skip = [new(2), new(12, 2)] } },
        { nameof(StableDiffusion), new(0) { Tokens = SiteTokens.Padding, Rest = SiteRest.Zero, Source = "" } },
        { nameof(Flux), new(24) { Norm = SiteNorm.None, Tokens = SiteTokens.Word("dog") } },
        { nameof(Flux), new(12) { Encoder = SiteEncoder.Nth(1), Pooled = SitePooled.Lens, Skip = [new(12)] } },
        { nameof(Klein), new(27) { Point = SitePoint.Attention, Skip = [new(17)] } },
        { nameof(Klein), new(27) { Tokens = SiteTokens.Template, Rest = SiteRest.EmptyAligned } },
        { nameof(ZImage), new(35) { Tokens = SiteTokens.Prompt, Rest = SiteRest.Dropped } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_a_model_cannot_show_is_refused_in_one_line(string model, LensSite site, string error)
    {
        string message = Assert.Throws<BadInputException>(() => Named(model).ReadsAt(site)).Message;
        Assert.StartsWith(error, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public void What_it_can_is_not(string model, LensSite site) => Assert.NotEmpty(Named(model).ReadsAt(site));

    [Theory]
    [InlineData(nameof(ZImage), TextMask.On, "encoder mask is on, but A family reads no padding")]
    [InlineData(nameof(ZImage), TextMask.Off, "encoder mask is off, but A family reads no padding")]
    public void A_mask_whose_effect_nothing_shows_is_refused(string model, TextMask mask, string error)
        => Assert.StartsWith(
            error,
            Assert.Throws<BadInputException>(() => SiteChecks.RequireMask(Named(model), new LensSite(5), mask)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_mask_is_taken_one_that_the_encoder_has_anyway_too()
    {
        SiteChecks.RequireMask(StableDiffusion, new LensSite(5), TextMask.Off);
        SiteChecks.RequireMask(Klein, new LensSite(5), TextMask.On);
        SiteChecks.RequireMask(StableDiffusion, new LensSite(5), TextMask.On);
        SiteChecks.RequireMask(Klein, new LensSite(5), TextMask.Off);
        SiteChecks.RequireMask(ZImage, new LensSite(5), TextMask.Native);
    }

    [Fact]
    public void Vectors_pooled_under_altered_blocks_are_of_the_last_block_where_all_is_shown()
    {
        ModelDescription model = StableDiffusion with
        {
            Reads = [new EncoderRead(0, 11, Normed: false, ReadPositions.All)],
            PooledReads = [new EncoderRead(0, 12, Normed: true, ReadPositions.Pooled)],
        };
        LensSite lensed = new(11) { Pooled = SitePooled.Lens }, altered = lensed with { Skip = [new(2)] };
        Assert.Equal(11, Assert.Single(model.PooledReadsAt(lensed)).Layer);
        Assert.Equal(12, Assert.Single(model.PooledReadsAt(altered)).Layer);
        Assert.Equal(4, Assert.Single(model.PooledReadsAt(altered.At(4))).Layer);
    }

    private static ModelDescription Named(string model) => model switch
    {
        nameof(StableDiffusion) => StableDiffusion,
        nameof(Flux) => Flux,
        nameof(Klein) => Klein,
        _ => ZImage,
    };

    private static ModelDescription Of(EncoderDescription encoder, params EncoderRead[] reads) => new()
    {
        Family = "A family",
        Encoders = [encoder],
        Reads = reads,
        DefaultGuidance = 5,
    };
}
