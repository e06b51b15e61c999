using DiffusionLens.Families;

namespace DiffusionLens.Tests.Families;

public sealed class HandlingChecksTests
{
    /// <summary>Cross-attention to all rows of one encoder, like Stable Diffusion.</summary>
    private static readonly ModelDescription Crossed = new()
    {
        Family = "Crossed",
        Encoders = [new("text_encoder", EncoderKind.Clip, LayerCount: 2, HasFinalNorm: true) { Mask = EncoderMask.Causal }],
        Reads = [new EncoderRead(Encoder: 0, Layer: 2, Normed: true, ReadPositions.All)],
        DefaultGuidance = 7.5,
    };

    /// <summary>Text and image attend to each other, padding too, like FLUX.1.</summary>
    private static readonly ModelDescription Joint = Crossed with
    {
        Family = "Joint",
        Encoders = [new("text_encoder_2", EncoderKind.T5, LayerCount: 2, HasFinalNorm: true)],
        SequenceLength = new SequenceLength(Default: 128, Largest: 256),
        CarriesTextRows = true,
    };

    /// <summary>Padding is dropped, like Z-Image.</summary>
    private static readonly ModelDescription Unpadded = Joint with
    {
        Family = "Unpadded",
        Reads = [new EncoderRead(Encoder: 0, Layer: 1, Normed: false, ReadPositions.Written)],
        CarriesTextRows = false,
    };

    /// <summary>The denoiser is given masks, like PixArt.</summary>
    private static readonly ModelDescription Masked = Crossed with { Family = "Masked", MasksPadding = true };

    public static TheoryData<string, TextHandling, string> Refused => new()
    {
        { "Unpadded", new() { DenoiserMask = TextMask.On }, "denoiser mask is on, but Unpadded's denoiser is given no padding" },
        { "Unpadded", new() { PaddingRows = PaddingRows.Zero }, "padding rows is zero, but Unpadded's denoiser is given no padding" },
        { "Unpadded", new() { PaddingRows = PaddingRows.Cut }, "padding rows is cut, but Unpadded's denoiser is given no padding" },
        {
            "Unpadded",
            new() { Length = TextLength.Fit },
            "length is fit, but Unpadded's denoiser is given no padding: every length that is long enough fits"
        },
        {
            "Crossed",
            new() { PaddingRows = PaddingRows.Zero, PaddingRowsAt = PaddingRowsAt.EveryBlock },
            "padding rows at is every block, but the blocks of Crossed's denoiser read the same rows each and write none; "
            + "padding rows at: input"
        },
        {
            "Joint",
            new() { PaddingRows = PaddingRows.Own },
            "padding rows is own, which they are at input anyway; padding rows at: every block"
        },
        {
            "Joint",
            new() { PaddingRowsAt = PaddingRowsAt.EveryBlock },
            "padding rows at is every block, but padding rows is native; it says where rows are set to zero, empty or own"
        },
        {
            "Joint",
            new() { PaddingRows = PaddingRows.Cut, PaddingRowsAt = PaddingRowsAt.Embedded },
            "padding rows at is embedded, but padding rows is cut; it says where rows are set to zero, empty or own"
        },
        {
            "Joint",
            new() { Positions = RowPositions.Kept },
            "positions is kept, but Joint's denoiser does not know where in a text a row is"
        },
        { "Joint", new() { Length = TextLength.Of(257) }, "length is 257; this model takes 1 to 256" },
        {
            "Joint",
            new() { Length = TextLength.Fit, PaddingRows = PaddingRows.Empty },
            "padding rows is empty, but length is fit, which leaves no padding"
        },
        {
            "Joint",
            new() { Length = TextLength.Fit, EncoderMask = TextMask.On },
            "encoder mask is on, but length is fit, which leaves no padding"
        },
        {
            "Masked",
            new() { PaddingRows = PaddingRows.Zero },
            "padding rows is zero, but Masked's denoiser hides padding from the image; denoiser mask: off shows it"
        },
        {
            "Masked",
            new() { PaddingRows = PaddingRows.Empty, DenoiserMask = TextMask.On },
            "padding rows is empty, but Masked's denoiser hides padding from the image; denoiser mask: off shows it"
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_a_model_cannot_do_or_what_would_change_nothing_is_refused_in_one_line(
        string model, TextHandling handling, string error)
    {
        ModelDescription description = new[] { Crossed, Joint, Unpadded, Masked }.Single(one => one.Family == model);
        LensSite site = new(description.LayerCount);
        Assert.Equal(error, Assert.Throws<BadInputException>(() => description.RequireHandling(site, handling)).Message);
    }

    [Fact]
    public void Padding_that_is_cut_or_never_there_is_not_shown()
    {
        LensSite padding = new(2) { Tokens = SiteTokens.Padding };
        Assert.Equal("tokens is padding, but padding rows is cut, which leaves none", Refusal(new() { PaddingRows = PaddingRows.Cut }));
        Assert.Equal("tokens is padding, but length is fit, which leaves no padding", Refusal(new() { Length = TextLength.Fit }));
        Crossed.RequireHandling(padding, new TextHandling { PaddingRows = PaddingRows.Zero });

        string Refusal(TextHandling handling)
            => Assert.Throws<BadInputException>(() => Joint.RequireHandling(padding, handling)).Message;
    }

    [Fact]
    public void What_the_experiments_masks_and_padding_need_is_taken_of_a_denoiser_that_is_given_masks_too()
    {
        LensSite site = new(2), padding = site with { Tokens = SiteTokens.Padding, Rest = SiteRest.EmptyFinal };
        Masked.RequireHandling(padding, TextHandling.Native);
        Masked.RequireHandling(site, new TextHandling { PaddingRows = PaddingRows.Cut });
        Masked.RequireHandling(site, new TextHandling { Length = TextLength.Fit });
        Masked.RequireHandling(site, new TextHandling { EncoderMask = TextMask.Off, DenoiserMask = TextMask.On });
        Masked.RequireHandling(site, new TextHandling { PaddingRows = PaddingRows.Zero, DenoiserMask = TextMask.Off });
        Masked.RequireHandling(padding with { Rest = SiteRest.Dropped }, new TextHandling { PaddingRows = PaddingRows.Zero });
    }

    [Fact]
    public void What_changes_something_is_let_through()
    {
        LensSite site = new(1);
        Crossed.RequireHandling(site, TextHandling.Native);
        Crossed.RequireHandling(site, new TextHandling { DenoiserMask = TextMask.On, PaddingRows = PaddingRows.Cut });
        Masked.RequireHandling(site, new TextHandling { DenoiserMask = TextMask.Off, Length = TextLength.Fit });
        Crossed.RequireHandling(site, new TextHandling { DenoiserMask = TextMask.Off });
        Masked.RequireHandling(site, new TextHandling { DenoiserMask = TextMask.On });
        Joint.RequireHandling(
            site,
            new TextHandling { PaddingRows = PaddingRows.Own, PaddingRowsAt = PaddingRowsAt.EveryBlock, Length = TextLength.Of(256) });
        (Joint with { KnowsTextPositions = true }).RequireHandling(
            site with { Tokens = SiteTokens.Prompt, Rest = SiteRest.Dropped }, new TextHandling { Positions = RowPositions.Kept });
    }
}
