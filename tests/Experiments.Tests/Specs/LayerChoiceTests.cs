using DiffusionLens;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Specs;

public sealed class LayerChoiceTests
{
    [Fact]
    public void The_command_line_takes_all_and_every()
    {
        Assert.IsType<LayerChoice.All>(LayerChoiceReader.Read("all", "--layers"));
        Assert.IsType<LayerChoice.Last>(LayerChoiceReader.Read("last", "--layers"));
        Assert.Equal(4, Assert.IsType<LayerChoice.Every>(LayerChoiceReader.Read("every 4", "--layers")).Step);
        Assert.Equal(6, Assert.IsType<LayerChoice.EveryPart>(LayerChoiceReader.Read("every 1/6", "--layers")).Parts);
    }

    [Theory]
    [InlineData("0,8,12", 0, 8, 12)]
    [InlineData("3", 3)]
    public void The_command_line_takes_a_list_without_brackets(string text, params int[] layers) =>
        Assert.Equal(
            layers,
            Assert.IsType<LayerChoice.Listed>(LayerChoiceReader.Read(text, "--layers")).Layers.Select(entry => entry.Layer));

    [Theory]
    [InlineData("0,8,8", "--layers: '8' is listed twice; keep one")]
    [InlineData("0,x", "--layers: 'x' stands here; it should be the number of a layer, 0 to 999")]
    [InlineData("0,", "--layers: nothing stands here; it should be the number of a layer")]
    [InlineData(
        "some",
        "--layers: 'some' stands here; it should be every 1/6 (counted back from the last), "
            + "every 4, all, last, or a list such as [0, 8, 12]"
    )]
    [InlineData(
        "",
        "--layers: nothing stands here; it should be every 1/6 (counted back from the last), "
            + "every 4, all, last, or a list such as [0, 8, 12]"
    )]
    public void A_wrong_option_is_named(string text, string error) =>
        Assert.Equal(error, Assert.Throws<BadInputException>(() => LayerChoiceReader.Read(text, "--layers")).Message);
}
