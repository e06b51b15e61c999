using MiniWorld.Scenes;

namespace MiniWorld.Tests.Scenes;

public class HeldOutPairsTests
{
    [Theory]
    [InlineData("red", "key", true)]
    [InlineData("orange", "hammer", true)]
    [InlineData("orange", "house", true)]
    [InlineData("red", "heart", false)]
    [InlineData("black", "hat", false)]
    public void The_rule_never_changes(string first, string second, bool heldOut) =>
        Assert.Equal(heldOut, HeldOutPairs.Contains(first, second));

    [Fact]
    public void The_order_of_the_words_does_not_matter() => Assert.All(Mini.Lexicon.Group("object"), thing =>
        Assert.Equal(HeldOutPairs.Contains("car", thing), HeldOutPairs.Contains(thing, "car")));

    [Theory]
    [InlineData("object", "color")]
    [InlineData("object", "object")]
    [InlineData("movable", "container")]
    [InlineData("movable", "surface")]
    public void About_a_tenth_is_held_out_and_every_word_keeps_most_of_its_partners(string first, string second)
    {
        IReadOnlyList<string> partners = Mini.Lexicon.Group(second);
        double[] shares = [.. Mini.Lexicon.Group(first)
            .Select(one => partners.Count(other => HeldOutPairs.Contains(one, other)) / (double)partners.Count)];

        Assert.InRange(shares.Average(), 0.06, 0.14);
        Assert.All(shares, share => Assert.InRange(share, 0, 0.6));
    }

    [Fact]
    public void No_usual_color_is_held_out() => Assert.All(
        Mini.Lexicon.Words("object").SelectMany(thing => thing.Usual.Keys.Select(color => (color, thing.Text))),
        pair => Assert.False(HeldOutPairs.Contains(pair.color, pair.Text), $"{pair}"));
}
