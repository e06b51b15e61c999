using Experiments.Measures;

namespace Experiments.Tests.Measures;

/// <summary>What can be counted by hand, and what the reference has no case of.</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData(3, 0, 0.25)]
    [InlineData(0, 3, 0.25)]
    [InlineData(4, 1, 0.375)]
    [InlineData(0, 0, 1)]
    [InlineData(2, 2, 1)]
    public void McNemars_p_is_counted_over_all_ways_in_which_pairs_could_differ(int first, int second, double p) =>
        Assert.Equal(p, new McNemar(first, second).P, 1e-15);

    [Fact]
    public void McNemars_p_of_thousands_of_pairs_is_a_number()
    {
        // 1500 and 1700 of 3200: z = 199 / sqrt(3200) with correction for continuity.
        Assert.Equal(NormalDistribution.TwoSidedTail(199 / Math.Sqrt(3200)), new McNemar(1500, 1700).P, 1e-4);
        Assert.InRange(new McNemar(0, 5000).P, 0, 1e-300);
    }

    [Fact]
    public void Of_no_tests_nothing_is_corrected() => Assert.Empty(Holm.Correct([], 0.05));

    [Fact]
    public void After_a_test_that_stands_no_other_is_rejected()
    {
        IReadOnlyList<CorrectedTest> tests = Holm.Correct([0.05, 0.03, 0.04], 0.05);

        Assert.All(tests, test => Assert.Equal((0.09, false), (Math.Round(test.P, 12), test.IsRejected)));
    }

    [Fact]
    public void The_normal_quantile_is_that_of_the_tables()
    {
        Assert.Equal(1.959963984540054, NormalDistribution.TwoSidedQuantile(0.05), 1e-14);
        Assert.Equal(0.6744897501960817, NormalDistribution.TwoSidedQuantile(0.5), 1e-14);
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalDistribution.TwoSidedQuantile(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(20)]
    public void Students_tail_is_that_of_closed_forms(double t)
    {
        double ofOne = t / Math.Sqrt(1 + (t * t)), ofTwo = t / Math.Sqrt(2 + (t * t));

        Assert.Equal(1 - (2 / Math.PI * Math.Atan(t)), StudentDistribution.TailOfCorrelation(ofOne, 1), 1e-13);
        Assert.Equal(1 - ofTwo, StudentDistribution.TailOfCorrelation(-ofTwo, 2), 1e-13);
    }

    [Fact]
    public void A_perfect_rank_correlation_has_p_0_and_two_pairs_have_none()
    {
        double[] rising = [.. Enumerable.Range(0, 9).Select(i => Math.Exp(i))];

        Assert.Equal((1, 0), (RankCorrelation.Spearman(rising, rising)!.Coefficient, RankCorrelation.Spearman(rising, rising)!.P));
        Assert.Equal(2.0 / 362880, RankCorrelation.KendallTauB(rising, rising, exact: true)!.P!.Value, 1e-18);
        Assert.Equal(-1, RankCorrelation.Spearman([1, 2], [2, 1])!.Coefficient);
        Assert.Null(RankCorrelation.Spearman([1, 2], [2, 1])!.P);
        Assert.Null(RankCorrelation.KendallTauB([], []));
        Assert.Throws<ArgumentException>(() => RankCorrelation.KendallTauB([1, 1, 2], [1, 2, 3], exact: true));
        Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1, 2], [2]));
    }

    [Fact]
    public void Agreement_of_several_annotators_needs_as_many_answers_as_it_is_defined_for()
    {
        Assert.Throws<ArgumentException>(() => FleissKappa.Of([[0, 1], [1]]));
        Assert.Throws<ArgumentException>(() => KrippendorffAlpha.Of([[0, 1], [1]]));
        Assert.Null(FleissKappa.Of([]));
        Assert.Null(KrippendorffAlpha.Of([]));
        Assert.Null(CohenKappa.Of([[0, 0], [0, 0]]));
    }

    [Fact]
    public void An_annotator_who_is_a_coin_says_nothing_of_the_prevalence()
    {
        // 7/10 + 3/10 - 1 is not quite 0 in floating point.
        Assert.Null(RoganGladen.Of(new CountedShare(5, 10), new CountedShare(7, 10), new CountedShare(3, 10)));
        Assert.Null(RoganGladen.Of(new CountedShare(0, 0), new CountedShare(9, 10), new CountedShare(9, 10)));
    }
}
