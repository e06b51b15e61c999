using Experiments.HuggingFace;
using YamlDotNet.RepresentationModel;

namespace Experiments.Tests.HuggingFace;

public sealed class CardHeaderTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("a \"quoted\" back\\slash: # no comment")]
    [InlineData("line\nfeed, tab\t and nothing else")]
    [InlineData("日本語 😀 \u2028 \u0085 \uFEFF")]
    [InlineData("")]
    public void Any_text_in_quotes_is_read_back_letter_by_letter(string text)
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader($"key: {CardHeader.Quoted(text)}\n"));

        Assert.Equal(text, ((YamlMappingNode)yaml.Documents[0].RootNode)["key"].ToString());
    }
}
