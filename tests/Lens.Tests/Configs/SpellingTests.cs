using DiffusionLens.Configs;

namespace DiffusionLens.Tests.Configs;

public class SpellingTests
{
    [Theory]
    [InlineData("colr", "color")]
    [InlineData("LAYERS", "layers")]
    [InlineData("lyers", "layers")]
    public void The_nearest_word_has_the_fewest_letters_changed_whatever_their_case(string typed, string meant)
        => Assert.Equal(meant, Spelling.Nearest(typed, ["seeds", "layers", "color", "colander"]));

    [Fact]
    public void Of_equally_near_words_the_first_is_meant()
        => Assert.Equal("cat", Spelling.Nearest("bat", ["cat", "hat"]));

    [Fact]
    public void Without_words_to_choose_from_none_is_near()
        => Assert.Equal("", Spelling.Nearest("bat", []));
}
