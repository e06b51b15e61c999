using Lens.TextEncoders;
using TorchSharp;
using Training.Language;
using static TorchSharp.torch;

namespace Training.Tests.Language;

public class DistanceBiasesTests
{
    private static readonly T5Config Config = new(20, 16, 4, 16, 1, 4, DistanceBuckets: 32, MaxDistance: 128, 1e-6);

    [Fact]
    public void Of_four_heads_one_looks_to_the_left_one_to_the_right_one_near_by_and_one_anywhere()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor biases = DistanceBiases.Of(Config);

        Assert.Equal([32, 4], biases.shape);
        Assert.Equal((-1, 1, 0), (Favourite(biases, head: 0), Favourite(biases, head: 1), Favourite(biases, head: 2)));
        Assert.Equal(0, biases.select(1, 3).abs().max().ToSingle());
    }

    // transformers: T5Attention._relative_position_bucket, where distances below 8 have a bucket each.
    private static int Favourite(Tensor biases, int head) => Enumerable.Range(-7, 15)
        .MaxBy(distance => biases[distance > 0 ? 16 + distance : -distance, head].ToSingle());
}
