using Experiments.Measures;

namespace Experiments.Tests.Measures;

public sealed class EmergenceTests
{
    [Theory]
    [InlineData("0011", "0111", 8)]
    [InlineData("0101", "0101", 4)]
    [InlineData("-011", "1111", 8)]
    [InlineData("0011", "1100", null)]
    public void Something_emerges_in_the_first_layer_that_fulfils_its_rule(string first, string second, int? layer) =>
        Assert.Equal(layer, Emergence.FirstLayer(
            Rows.Row("a", 0, (Rows.First, first), (Rows.Second, second)), Rows.Condition, Rows.Condition.Right, Rows.Layers));

    [Fact]
    public void The_distribution_counts_the_rows_that_never_have_it()
    {
        EmergenceDistribution distribution = Emergence.Distribution([4, 4, 12, null], Rows.Layers);

        Assert.Equal([(0, 0), (4, 2), (8, 0), (12, 1)], distribution.Layers);
        Assert.Equal((1, 4, 4), (distribution.Never, distribution.Count, distribution.Median));
        Assert.Null(Emergence.Distribution([12, null, null], Rows.Layers).Median);
    }
}
