using TorchSharp;
using Training.Recognition;
using static TorchSharp.torch;

namespace Training.Tests.Recognition;

public class DamageTests
{
    [Theory]
    [InlineData(4, 0)]
    [InlineData(8, 1)]
    [InlineData(64, 14)]
    public void A_batch_keeps_its_size_and_a_fifth_of_it_shows_nothing_where_it_is_large_enough(int batch, int nameless)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1, CPU);
        Tensor things = ones([batch, CellLabels.Side, CellLabels.Side], ScalarType.Int64);

        (Tensor pixels, CellLabels labels) = Damage.Apply(
            rand([batch, 3, 64, 64], generator: generator), new CellLabels(things, things, things), generator);

        Assert.Equal([(long)batch, 3, 64, 64], pixels.shape);
        Assert.Equal((batch - nameless) * CellLabels.Side * CellLabels.Side, labels.Things.sum().ToInt64());
    }
}
