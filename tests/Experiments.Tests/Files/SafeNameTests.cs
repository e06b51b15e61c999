using Experiments.Files;
using FsCheck.Xunit;

namespace Experiments.Tests.Files;

public sealed class SafeNameTests
{
    [Theory]
    [InlineData("two colors", "two-colors")]
    [InlineData("a red car and a blue star", "a-red-car-and-a-blue-star")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("Con", "con-0")]
    [InlineData("LPT1", "lpt1-0")]
    [InlineData("", "0")]
    [InlineData("…", "0")]
    public void A_name_keeps_letters_and_digits(string text, string expected) => Assert.Equal(expected, SafeName.Of(text));

    [Property]
    public void Any_text_makes_a_short_name_that_stays_as_it_is(string? text)
    {
        string name = SafeName.Of(text ?? "");

        Assert.Matches("^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$", name);
        Assert.Equal(name, SafeName.Of(name));
    }
}
