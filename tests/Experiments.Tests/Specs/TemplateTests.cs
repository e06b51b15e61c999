using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Specs;

public sealed class TemplateTests
{
    private static readonly MiniWorld.Lexicon Mini = RepositoryFiles.Mini;

    [Theory]
    [InlineData("{a color} {object}", "an orange umbrella")]
    [InlineData("{a object} in {color}", "an umbrella in orange")]
    [InlineData("{an object}, {object} and {a object'}!", "an umbrella, umbrella and a car!")]
    [InlineData("{a familiar animal}", "an asian elephant")]
    [InlineData("no words", "no words")]
    public void A_word_takes_the_article_of_its_sound_where_the_slot_asks_for_one(string template, string expected)
    {
        Dictionary<string, string> words = new()
        {
            ["color"] = "orange",
            ["object"] = "umbrella",
            ["object'"] = "car",
            ["familiar animal"] = "asian elephant",
        };

        Assert.Equal(expected, TemplateReader.Read(new TextNode(template, new SourceLocation("t"))).Fill(words, Mini));
    }

    [Fact]
    public void Slots_are_named_once_in_the_order_of_their_first_mention()
    {
        Template template = TemplateReader.Read(new TextNode("{a color'} {object} and {a color} {object}", new SourceLocation("t")));

        Assert.Equal(["color'", "object", "color"], template.Slots.Select(slot => slot.Name));
    }
}
