namespace DiffusionLens.Tests;

public sealed class TextHandlingTests
{
    public static TheoryData<TextHandling, string> Keys => new()
    {
        { TextHandling.Native, "" },
        { new() { EncoderMask = TextMask.Off, DenoiserMask = TextMask.On }, "encoder-mask-off_denoiser-mask-on" },
        { new() { PaddingRows = PaddingRows.Zero }, "padding-rows-zero" },
        { new() { PaddingRows = PaddingRows.Own, PaddingRowsAt = PaddingRowsAt.EveryBlock }, "padding-rows-own_every-block" },
        { new() { PaddingRows = PaddingRows.Empty, PaddingRowsAt = PaddingRowsAt.Embedded }, "padding-rows-empty_embedded" },
        { new() { PaddingRows = PaddingRows.Cut, Length = TextLength.Of(19) }, "padding-rows-cut_length-19" },
        { new() { Positions = RowPositions.Kept, Length = TextLength.Fit }, "positions-kept_length-fit" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_says_what_differs_from_the_models_own_pipeline(TextHandling handling, string key) => Assert.Equal(key, handling.Key);

    [Fact]
    public void Handlings_of_the_same_values_are_equal()
    {
        TextHandling one = new() { Length = TextLength.Of(19) }, other = new() { Length = TextLength.Of(19) };
        Assert.Equal(one, other);
        Assert.NotEqual(one, one with { Length = TextLength.Fit });
        Assert.True(new TextHandling().IsNative);
        Assert.Throws<ArgumentOutOfRangeException>(() => TextLength.Of(0));
    }
}
