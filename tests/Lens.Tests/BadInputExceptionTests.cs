namespace DiffusionLens.Tests;

public sealed class BadInputExceptionTests
{
    [Fact]
    public void Of_a_line_that_no_screen_holds_where_and_what_would_be_right_stay()
    {
        string message = new BadInputException($"/models/config.json: act_fn is '{new string('x', 100_000)}'; it must be gelu").Message;

        Assert.True(message.Length <= 2000, $"{message.Length} letters");
        Assert.StartsWith("/models/config.json: act_fn is 'xxx", message, StringComparison.Ordinal);
        Assert.EndsWith("xxx'; it must be gelu", message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_letter_is_cut_in_two()
    {
        for (int before = 0; before < 2; before++)
        {
            string message = new BadInputException(new string('x', before) + string.Concat(Enumerable.Repeat("🦩", 3000))).Message;

            Assert.DoesNotContain(message.EnumerateRunes(), letter => letter.Value == 0xFFFD);
        }
    }

    [Fact]
    public void What_fits_is_as_it_was() => Assert.Equal(new string('x', 2000), new BadInputException(new string('x', 2000)).Message);
}
