using System.Text.RegularExpressions;
using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Tests.Specs;

/// <summary><c>site:</c> and <c>text:</c> of a condition.</summary>
public sealed class SiteSectionTests
{
    [Fact]
    public void A_site_has_all_parts_and_a_blank_may_stand_for_a_hyphen()
    {
        SiteSpec site = Site(
            "{tokens: padding, rest: empty final, source: \"\", point: attention-out, norm: matched, skip: [3, 2], repeat: 4, encoder: 1}");

        Assert.Equal(
            new LensSite(0)
            {
                Encoder = SiteEncoder.Nth(1),
                Point = SitePoint.AttentionOut,
                Tokens = SiteTokens.Padding,
                Rest = SiteRest.EmptyFinal,
                Source = "",
                Norm = SiteNorm.Matched,
                Skip = [new SiteSkip(2), new SiteSkip(3), new SiteSkip(4, Times: 2)],
            },
            site.Parts);
        Assert.Equal(site.Parts.At(3).Key, site.KeyAt(3));
    }

    [Theory]
    [InlineData("{tokens: token 3}", "tokens-token-3")]
    [InlineData("{tokens: word dog}", "tokens-word-dog")]
    [InlineData("{tokens: \"word {object}\", rest: native, source: \"{a object}\"}", "tokens-word-{object}_rest-native_source-{a-object}")]
    [InlineData("{tokens: \"each of {object}\", rest: empty-final}", "tokens-each-of-{object}_rest-empty-final")]
    [InlineData("{source: opensource}", "source-opensource")]
    [InlineData("{norm: none}", "norm-none")]
    [InlineData("{mixture: mean}", "mixture-mean")]
    [InlineData("{skip: 3/12, repeat: [1/2, 4]}", "skip-4x2_skip-3of12-1of2x2")]
    [InlineData("{tokens: all, point: block, norm: native}", "")]
    public void A_condition_has_a_key_in_which_open_words_stand_as_they_are_written(string site, string key)
    {
        Assert.Equal(key, Site(site).BesideLayer);
        Assert.Equal($"layer-08{(key.Length > 0 ? "_" : "")}{key}", Site(site).KeyAt(8));
    }

    [Theory]
    [InlineData(12, 3)]
    [InlineData(24, 6)]
    [InlineData(23, 6)]
    [InlineData(2, 1)]
    public void A_block_at_a_share_of_the_depth_is_the_nearest_one(int depth, int block)
        => Assert.Equal([new SiteSkip(block)], Site("{skip: 3/12}").OfDepth(depth).Parts.Skip);

    [Fact]
    public void Shares_that_meet_in_one_block_are_refused_with_their_place()
        => Assert.Matches(
            @"small\.yaml:7:\d+: block 1 of 2 is meant twice",
            Assert.Throws<BadInputException>(() => Site("{skip: [1/12, 3/12]}").OfDepth(2)).Message);

    [Fact]
    public void The_earlier_word_for_the_norm_says_what_it_always_did()
        => Assert.Equal(
            Site("{norm: none}").Parts,
            SmallSpec.Read(SmallSpec.With("sample: 3", "sample: 3, final norm: no")).Condition("object").Site.Parts);

    [Theory]
    [InlineData("{rest: zero}", "a rest where all positions show the site; say which do, for example tokens: prompt")]
    [InlineData("{tokens: words}", "'words' stands here; it should be all, prompt, padding, template, token 3, word red, ")]
    [InlineData("{tokens: token -1}", "'token -1' stands here; it should be all,")]
    [InlineData("{tokens: \"word {a object}\"}", "an article before the word of a site, whose tokens are its own; write {object}")]
    [InlineData("{tokens: \"each of {color}\"}", "'color' is no slot of the prompts of 'object'; the only one is 'object'")]
    [InlineData("{source: \"{a object'}\"}", "\"object'\" is no slot of the prompts of 'object'; the only one is 'object'")]
    [InlineData("{source: }", "nothing stands here; it should be a text, such as \"a dog\" or \"{a object}\"; \"\" is the empty prompt")]
    [InlineData("{skip: 0}", "'0' stands here; it should be the number of a block (or a share of the depth such as 3/12), 1 to 999")]
    [InlineData("{skip: 4/3}", "'4/3' stands here; it should be the number of a block (or a share of the depth such as 3/12)")]
    [InlineData("{skip: 1/2, repeat: 1/2}", "block 1/2 is under skip already; a block is left out or repeated")]
    [InlineData("{skip: [2, 3], repeat: 3}", "block 3 is under skip already; a block is left out or repeated")]
    [InlineData("{point: head}", "'head' is no point of a site; did you mean")]
    [InlineData("{layer: 3}", "'layer' is no key of the site;")]
    public void What_is_wrong_with_a_site_is_said_with_its_place(string site, string error)
        => Assert.Matches(
            @"^small\.yaml:7:\d+: " + Regex.Escape(error),
            Assert.Throws<BadInputException>(() => Site(site)).Message);

    [Fact]
    public void A_text_says_what_is_done_to_masks_padding_and_length()
    {
        TextHandling text = Text("{encoder mask: off, denoiser mask: on, padding rows: zero, padding rows at: every block, length: 128}");

        Assert.Equal(
            new TextHandling
            {
                EncoderMask = TextMask.Off,
                DenoiserMask = TextMask.On,
                PaddingRows = PaddingRows.Zero,
                PaddingRowsAt = PaddingRowsAt.EveryBlock,
                Length = TextLength.Of(128),
            },
            text);
        Assert.Equal(TextLength.Fit, Text("{length: fit}").Length);
        Assert.Equal(
            "layer-03_norm-none_padding-rows-cut",
            SmallSpec.Read(SmallSpec.With("sample: 3", "sample: 3, site: {norm: none}, text: {padding rows: cut}"))
                .Condition("object").KeyAt(3));
    }

    [Theory]
    [InlineData(
        "{padding rows at: input}",
        "'padding rows at' without 'padding rows', of which it says where; add for example padding rows: zero"
    )]
    [InlineData("{encoder mask: maybe}", "'maybe' is no encoder mask; did you mean")]
    [InlineData("{length: long}", "'long' stands here; it should be fit (just long enough for the prompt) or a number of tokens")]
    public void What_is_wrong_with_a_text_is_said_with_its_place(string text, string error)
        => Assert.Matches(
            @"^small\.yaml:7:\d+: " + Regex.Escape(error),
            Assert.Throws<BadInputException>(() => Text(text)).Message);

    private static SiteSpec Site(string site) =>
        SmallSpec.Read(SmallSpec.With("sample: 3", $"sample: 3, site: {site}")).Condition("object").Site;

    private static TextHandling Text(string text) =>
        SmallSpec.Read(SmallSpec.With("sample: 3", $"sample: 3, text: {text}")).Condition("object").Text;
}
