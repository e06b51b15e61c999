using Experiments.Figures;

namespace Experiments.Tests.Figures;

/// <summary>Capital letters stand for Hebrew ones, as in the examples of Unicode's bidirectional algorithm (UAX #9).</summary>
public sealed class WritingDirectionTests
{
    [Theory]
    [InlineData("a red car", "a red car")]
    [InlineData("12 cars", "12 cars")]
    [InlineData("CAR", "RAC")]
    [InlineData("RED CAR", "RAC DER")]
    [InlineData("car means CAR.", "car means RAC.")]
    [InlineData("CAR means car", "means car RAC")]
    [InlineData("a RED CAR 12 b", "a 12 RAC DER b")]
    [InlineData("CAR 12", "12 RAC")]
    [InlineData("CAR 3.5 BIG", "GIB 3.5 RAC")]
    [InlineData("the (RED) car", "the (DER) car")]
    [InlineData("car 12 RED", "car 12 DER")]
    [InlineData("RED car 12 BIG", "GIB car 12 DER")]
    public void Letters_stand_where_the_bidirectional_algorithm_puts_them(string read, string seen)
    {
        string text = string.Concat(read.Select(Hebrew));
        byte[] levels = WritingDirection.LevelsOf(text);

        IReadOnlyList<(char Letter, byte Level)> ordered =
            WritingDirection.FromLeft([.. read.Zip(levels)], letter => letter.Second);

        Assert.Equal(seen, string.Concat(ordered.Select(letter => letter.Letter)));
    }

    [Fact]
    public void Marks_go_with_their_letters() => Assert.Equal([1, 1, 1], WritingDirection.LevelsOf("\u05E9\u05C1\u05D0"));

    private static char Hebrew(char letter) => char.IsAsciiLetterUpper(letter) ? (char)(0x05D0 + (letter - 'A')) : letter;
}
