using DiffusionLens;
using Experiments.HuggingFace;
using Experiments.Specs;

namespace Experiments.Tests.HuggingFace;

public sealed class SiteColumnsTests
{
    [Fact]
    public void The_papers_lens_has_what_holds_where_nothing_is_said()
    {
        Dictionary<string, string> columns = Of(new LensSite(8), TextHandling.Native);

        Assert.Equal(("all", "block", "all", "native", ""), (
            columns["encoder"], columns["point"], columns["tokens"], columns["norm"], columns["text_handling"]));
        Assert.Equal(columns, SiteColumns.Of("").ToDictionary(column => column.Name, column => column.Value));
    }

    [Fact]
    public void Each_part_of_a_key_has_its_column()
    {
        LensSite site = new(8)
        {
            Encoder = SiteEncoder.Nth(2),
            Others = SiteOthers.Empty,
            Point = SitePoint.AttentionOut,
            Tokens = SiteTokens.Word("hot dog"),
            Rest = SiteRest.EmptyFinal,
            Source = "a dog",
            Norm = SiteNorm.Matched,
            Mixture = SiteMixture.Mean,
            Pooled = SitePooled.EmptyBelow,
            Skip = [new SiteSkip(3)],
        };
        TextHandling text = new() { EncoderMask = TextMask.Off, PaddingRows = PaddingRows.Zero, PaddingRowsAt = PaddingRowsAt.EveryBlock };

        Dictionary<string, string> columns = Of(site, text);

        Assert.Equal("2", columns["encoder"]);
        Assert.Equal("empty", columns["others"]);
        Assert.Equal("attention-out", columns["point"]);
        Assert.Equal("word-hot-dog", columns["tokens"]);
        Assert.Equal("empty-final", columns["rest"]);
        Assert.Equal("a-dog", columns["source"]);
        Assert.Equal("matched", columns["norm"]);
        Assert.Equal("mean", columns["mixture"]);
        Assert.Equal("empty-below", columns["pooled"]);
        Assert.Equal("3", columns["skip"]);
        Assert.Equal(text.Key, columns["text_handling"]);
    }

    private static Dictionary<string, string> Of(LensSite site, TextHandling text) =>
        SiteColumns.Of(SiteWords.Beside(site.Key, text)).ToDictionary(column => column.Name, column => column.Value);
}
