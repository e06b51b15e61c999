using Experiments.Measures;

namespace Experiments.Tests.Measures;

/// <summary>The values are from the documentation of SciPy's <c>mannwhitneyu</c>, and counted by hand.</summary>
public sealed class MannWhitneyTests
{
    private static readonly double[] Males = [19, 22, 16, 29, 24], Females = [20, 11, 17, 12];

    [Fact]
    public void The_exact_p_is_SciPys()
    {
        MannWhitney test = MannWhitney.Test(Males, Females);

        Assert.Equal((17, true), (test.U, test.IsExact));
        Assert.Equal(0.1111111111111111, test.P, 1e-15);
        Assert.Equal((3, test.P), (MannWhitney.Test(Females, Males).U, MannWhitney.Test(Females, Males).P));
    }

    [Fact]
    public void The_normal_p_with_correction_for_continuity_is_SciPys() =>
        Assert.Equal(0.11134688653314041, MannWhitney.Test(Males, Females, exact: false).P, 1e-13);

    [Fact]
    public void Far_apart_samples_have_the_p_of_one_order_in_all()
    {
        Assert.Equal(2.0 / 252, MannWhitney.Test([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).P, 1e-15);
        Assert.Equal(2.0 / 20, MannWhitney.Test([1, 2, 3], [4, 5, 6]).P, 1e-15);
        Assert.Equal(14.0 / 20, MannWhitney.Test([1, 3, 5], [2, 4, 6]).P, 1e-15);
    }

    [Fact]
    public void Ties_make_the_deviation_smaller()
    {
        // Ranks 1, 3, 3, 3, 5, 6: U = 1.5 of 9; the deviation is sqrt(9/12 * (7 - 24/30)) = 2.1564; z = (3 - 0.5) / 2.1564.
        MannWhitney test = MannWhitney.Test([1, 2, 2], [2, 3, 4]);

        Assert.Equal((1, false), (test.U, test.IsExact));
        double z = (3.5 - 0.5) / Math.Sqrt(9.0 / 12 * (7 - (24.0 / 30)));
        Assert.Equal(0.164, test.P, 0.001);
        Assert.InRange(z, 1.39, 1.392);
    }

    [Fact]
    public void Equal_samples_have_p_1() => Assert.Equal(1, MannWhitney.Test([3, 3, 3], [3, 3]).P);

    [Fact]
    public void There_is_no_exact_p_with_ties() => Assert.Throws<ArgumentException>(() => MannWhitney.Test([1, 2], [2, 3], exact: true));
}
