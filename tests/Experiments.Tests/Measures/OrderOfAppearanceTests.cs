using Experiments.Measures;

namespace Experiments.Tests.Measures;

public sealed class OrderOfAppearanceTests
{
    [Theory]
    [InlineData("0111", "0011", nameof(Earlier.First))]
    [InlineData("0011", "0111", nameof(Earlier.Second))]
    [InlineData("0011", "0011", nameof(Earlier.Together))]
    [InlineData("0000", "0000", nameof(Earlier.Together))]
    [InlineData("1100", "1110", nameof(Earlier.Second))]
    [InlineData("-011", "1011", nameof(Earlier.Second))]
    public void The_earlier_one_is_there_alone_in_the_first_layer_that_shows_exactly_one(string first, string second, string expected) =>
        Assert.Equal(expected, $"{OrderOfAppearance.EarlierOf(Make(first, second), Rows.First, Rows.Second, Rows.Layers)}");

    [Theory]
    [InlineData("0100", "0010", true)]
    [InlineData("0110", "0010", false)]
    [InlineData("0100", "0000", false)]
    [InlineData("0110", "0110", false)]
    [InlineData("0001", "0100", true)]
    [InlineData("0001", "0101", false)]
    public void A_race_is_lost_by_the_one_that_came_first_and_is_gone_when_the_other_comes(string first, string second, bool expected) =>
        Assert.Equal(expected, OrderOfAppearance.IsRace(Make(first, second), Rows.First, Rows.Second, Rows.Layers));

    [Fact]
    public void Rows_are_counted_that_were_asked_about_both()
    {
        AnsweredRow[] rows =
        [
            Make("0111", "0011"), Make("0100", "0010"), Make("0011", "0111"), Make("1111", "1111"), Rows.Row("a", 0, (Rows.First, "1111")),
        ];

        Assert.Equal(
            new OrderOfAppearance(First: 2, Second: 1, Races: 1, Count: 4),
            OrderOfAppearance.Of(rows, Rows.First, Rows.Second, Rows.Layers));
    }

    private static AnsweredRow Make(string first, string second) => Rows.Row("a", 0, (Rows.First, first), (Rows.Second, second));
}
