using FsCheck.Xunit;

namespace DiffusionLens.Tests;

public sealed class LensSiteTests
{
    private static readonly Dictionary<string, LensSite> Sites = new()
    {
        ["layer-00"] = new(0),
        ["layer-08"] = new(8),
        ["layer-123"] = new(123),
        ["layer-08_encoder-2"] = new(8) { Encoder = SiteEncoder.Nth(2) },
        ["layer-08_others-empty"] = new(8) { Others = SiteOthers.Empty },
        ["layer-08_point-attention"] = new(8) { Point = SitePoint.Attention },
        ["layer-08_point-attention-out"] = new(8) { Point = SitePoint.AttentionOut },
        ["layer-08_point-mlp-out"] = new(8) { Point = SitePoint.MlpOut },
        ["layer-08_tokens-prompt"] = new(8) { Tokens = SiteTokens.Prompt },
        ["layer-08_tokens-padding_rest-empty-aligned-final"] = new(8) { Tokens = SiteTokens.Padding, Rest = SiteRest.EmptyAlignedFinal },
        ["layer-08_tokens-template_rest-dropped"] = new(8) { Tokens = SiteTokens.Template, Rest = SiteRest.Dropped },
        ["layer-08_tokens-word-dog"] = new(8) { Tokens = SiteTokens.Word("dog") },
        ["layer-08_tokens-word-fire-truck"] = new(8) { Tokens = SiteTokens.Word("fire truck") },
        ["layer-08_tokens-word-dog--015ccf6ac0"] = new(8) { Tokens = SiteTokens.Word("Dog") },
        ["layer-08_tokens-token-3"] = new(8) { Tokens = SiteTokens.Token(3) },
        ["layer-08_source---e3b0c44298"] = new(8) { Source = "" },
        ["layer-08_source-a-dog"] = new(8) { Source = "a dog" },
        ["layer-08_source-a-dog--ae2b84dbbe"] = new(8) { Source = "a-dog" },
        ["layer-08_norm-none"] = new(8) { Norm = SiteNorm.None },
        ["layer-08_norm-matched_pooled-lens"] = new(8) { Norm = SiteNorm.Matched, Pooled = SitePooled.Lens },
        ["layer-08_pooled-empty"] = new(8) { Pooled = SitePooled.Empty },
        ["layer-08_pooled-empty-below"] = new(8) { Pooled = SitePooled.EmptyBelow },
        ["layer-08_skip-3-5x2"] = new(8) { Skip = [new(5, Times: 2), new(3)] },
    };

    [Fact]
    public void A_key_tells_the_layer_and_what_differs_from_the_default()
        => Assert.Equal(Sites.Keys, Sites.Values.Select(site => site.Key));

    [Fact]
    public void Sites_of_different_values_are_not_equal()
        => Assert.Equal(Sites.Count, Sites.Values.Distinct().Count());

    [Fact]
    public void Sites_of_the_same_values_are_equal_whatever_the_order_of_skipped_blocks()
    {
        LensSite one = new(4) { Skip = [new(1), new(2, Times: 3)] }, other = new(4) { Skip = [new(2, Times: 3), new(1)] };
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(one.Key, other.Key);
        Assert.Equal(one with { Layer = 7 }, other.At(7));
    }

    [Fact]
    public void A_block_is_skipped_once()
        => Assert.Throws<ArgumentException>(() => new LensSite(4) { Skip = [new(1), new(1, Times: 2)] });

    [Property(MaxTest = 500)]
    public bool Two_sites_have_one_key_only_where_they_are_equal(
        string? word, string? otherWord, string? source, string? otherSource, bool isOfWord)
    {
        LensSite one = Site(word, source), other = Site(otherWord, otherSource);
        return one == other == (one.Key == other.Key);

        LensSite Site(string? text, string? from)
            => new(1) { Tokens = isOfWord && text is not null ? SiteTokens.Word(text) : SiteTokens.All, Source = from };
    }

    [Property(MaxTest = 500)]
    public bool A_key_is_short_and_safe_in_file_names_and_cells(string? word, string? source, byte layer)
    {
        string key = new LensSite(layer) { Tokens = SiteTokens.Word(word ?? ""), Source = source }.Key;
        return key.Length < 140 && key.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_');
    }

    [Theory]
    [InlineData("Dog")]
    [InlineData("dog ")]
    [InlineData("dog,")]
    [InlineData("d\u00f6g")]
    [InlineData("a  dog")]
    [InlineData("dog--015ccf6ac0")]
    [InlineData("a dog on a very long road that never ends")]
    public void A_text_that_its_slug_would_not_tell_is_told_by_a_hash(string text)
    {
        string key = new LensSite(1) { Source = text }.Key;
        Assert.Matches("^layer-01_source-[a-z0-9-]{0,32}--[0-9a-f]{10}$", key);
        Assert.Equal(key, new LensSite(1) { Source = text }.Key);
    }
}
