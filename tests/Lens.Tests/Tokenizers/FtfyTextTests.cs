using System.Text.Json;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Tests.Tokenizers;

public sealed class FtfyTextTests
{
    [Fact]
    public void Texts_that_were_spoiled_in_many_ways_are_mended_exactly_as_ftfy_mends_them()
    {
        string[][] cases = JsonSerializer.Deserialize<string[][]>(File.ReadAllBytes(Reference.PathOf("tokenizers", "ftfy.json")))!;
        Assert.Equal(400, cases.Length);
        Assert.All(cases, pair => Assert.Equal(pair[1], FtfyText.Fix(pair[0])));
    }

    [Theory]
    [InlineData("it’s “red”", "it's \"red\"")]
    [InlineData("ﬁne ǆ ŉ", "fine dž 'n")]
    [InlineData("ＡＢＣ　１ ｶﾞ", "ABC 1 ガ")]
    [InlineData("a&amp;b &EACUTE; &#233; &#x2019;", "a&b É é '")]
    [InlineData("&lt;b&gt;", "<b>")]
    [InlineData("<b> &amp;\n&amp;", "<b> &amp;\n&amp;")] // HTML itself stays, from that line on
    [InlineData("&amp;\n<b>", "&\n<b>")]
    [InlineData("&#59; &#xD800; &#0; &#1; &#150; &nosuch; &#xg;", "&#59; \ufffd \ufffd  – &nosuch; &#xg;")]
    [InlineData("cafÃ©", "café")]
    [InlineData("â€œquotedâ€\u009d", "\"quoted\"")]
    [InlineData("voilÃ le travail", "voilà le travail")]
    [InlineData("Ã la carte", "à la carte")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("a\u0000b\u000bc\u007fd\ufeffe", "abcde")]
    [InlineData("a\u0085b", "a\u2026b")]
    [InlineData("a\r\nb\rc\u2028d", "a\nb\nc\nd")]
    [InlineData("e\u0301", "é")]
    [InlineData("100° café Ñandú", "100° café Ñandú")]
    public void Each_kind_of_repair_is_ftfys(string text, string mended) => Assert.Equal(mended, FtfyText.Fix(text));

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() => Assert.Equal("a\ufffd", FtfyText.Fix("a\ud83d"));
}
