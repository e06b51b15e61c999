using Experiments.Measures;

namespace Experiments.Tests.Measures;

public sealed class BestThresholdTests
{
    [Fact]
    public void It_lies_halfway_between_what_is_there_and_what_is_not() => Assert.Equal(
        new BestThreshold(0.5, 1), BestThreshold.Of([(0.125, false), (0.25, false), (0.75, true), (0.875, true)]));

    [Fact]
    public void Rare_truth_weighs_as_much_as_frequent_lack_of_it()
    {
        // A threshold of 0.5 is right of 9 in 10, but misses the only one that is there.
        BestThreshold best =
            BestThreshold.Of([(0.25, true), .. Enumerable.Range(0, 9).Select(i => (i < 7 ? 0.125 : 0.375, false))])!;

        Assert.Equal((0.1875, ((7 / 9.0) + 1) / 2), (best.Threshold, best.BalancedAccuracy));
    }

    [Fact]
    public void Of_several_as_good_the_widest_gap_is_taken() => Assert.Equal(
        new BestThreshold(2, 0.75),
        BestThreshold.Of([(0, false), (1, true), (3, false), (3.5, true), (1, false), (3, true), (3.5, true), (1, false)]));

    [Fact]
    public void Where_nothing_is_there_or_all_scores_are_the_same_there_is_none()
    {
        Assert.Null(BestThreshold.Of([(0.5, false), (0.7, false)]));
        Assert.Null(BestThreshold.Of([(0.5, false), (0.5, true)]));
        Assert.Null(BestThreshold.Of([]));
    }
}
