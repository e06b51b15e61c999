using Experiments.Verify;

namespace Experiments.Tests.Verify;

public sealed class RoundingGridTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(10_000)]
    public void Values_may_move_within_the_clearance_and_keep_their_hash(int count)
    {
        Random random = new(count);
        double[] values = [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() - 0.5) * 60)];
        double largest = values.Max(Math.Abs);
        RoundingGrid grid = RoundingGrid.For(values);
        Assert.Equal(1e-4, grid.Step, 1e-18);
        Assert.InRange(grid.Clearance * largest / grid.Step, 0.49 / count, 0.51);

        double reach = grid.Clearance * largest * 0.99;
        double[] moved = [.. values.Select(value => value + (random.Next(2) == 0 ? -reach : reach))];
        Assert.Equal(grid.Hash([count], values), grid.Hash([count], moved));
    }

    [Fact]
    public void A_value_on_the_edge_of_decimal_rounding_is_safe()
    {
        double[] values = [1.000005, 2.000015, 3, 4];
        RoundingGrid grid = RoundingGrid.For(values);
        Assert.Equal(grid.Hash([4], values), grid.Hash([4], [1.000005 - 1e-12, 2.000015 + 1e-12, 3, 4]));
    }

    [Fact]
    public void One_value_that_moves_by_a_step_changes_the_hash()
    {
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => Math.Sin(i))];
        RoundingGrid grid = RoundingGrid.For(values);
        string hash = grid.Hash([1000], values);
        values[500] += grid.Step;
        Assert.NotEqual(hash, grid.Hash([1000], values));
    }

    [Fact]
    public void Shape_and_missing_numbers_change_the_hash()
    {
        RoundingGrid grid = RoundingGrid.For([0.5, 0.25]);
        Assert.NotEqual(grid.Hash([2, 1], [0.5, 0.25]), grid.Hash([1, 2], [0.5, 0.25]));
        Assert.NotEqual(grid.Hash([2], [0.5, 0]), grid.Hash([2], [0.5, double.NaN]));
    }

    [Fact]
    public void A_tensor_of_zeros_has_a_grid_too()
    {
        RoundingGrid grid = RoundingGrid.For([0, 0]);
        Assert.Equal(grid.Hash([2], [0, 0]), grid.Hash([2], [1e-9, -1e-9]));
    }
}
