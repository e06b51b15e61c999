using System.CommandLine;
using System.Globalization;
using Training.Evaluation;
using Training.Runs;

namespace Training.Tests.Runs;

public class TrainingCommandsTests
{
    [Fact]
    public void Numbers_are_written_with_a_point_whatever_the_locale()
    {
        CultureInfo before = CultureInfo.CurrentCulture, other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = other;
        try
        {
            Assert.All(TrainingCommands.All(), command => Assert.Equal(1.2e-3, Number(command, "--rate", "1.2e-3")));
            Assert.Equal(7.5, Number(EvaluateCommand.Create(), "--guidance", "7.5"));
            Assert.Equal(1.5, Number(EvaluateCommand.Create(), "--enlarging-guidance", "1.5"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("--steps", "0", "a whole number from 1")]
    [InlineData("--batch", "4", "a whole number from 8")]
    [InlineData("--rate", "0", "a number from 1E-06 to 1")]
    [InlineData("--rate", "NaN", "a number from 1E-06 to 1")]
    public void A_number_out_of_range_is_refused_with_what_would_be_right(string option, string given, string right)
        => Assert.All(TrainingCommands.All(), command =>
            Assert.Equal($"{option} {given}: give {right}", command.Parse([option, given]).Errors[0].Message));

    [Fact]
    public void Numbers_that_are_not_given_are_those_of_the_shipped_models()
    {
        ParseResult parsed = TrainingCommands.All().Single(command => command.Name == "unet").Parse([]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(8_800, parsed.GetRequiredValue<int?>("--steps"));
        Assert.Equal(96, parsed.GetRequiredValue<int?>("--batch"));
        Assert.Equal(1.3e-3, parsed.GetRequiredValue<double?>("--rate"));
    }

    private static double Number(Command command, string option, string given)
        => command.Parse([option, given]).GetRequiredValue<double?>(option)!.Value;
}
