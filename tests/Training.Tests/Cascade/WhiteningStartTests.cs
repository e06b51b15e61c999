using Lens.Runtime;
using TorchSharp;
using Training.Cascade;
using static TorchSharp.torch;

namespace Training.Tests.Cascade;

public class WhiteningStartTests
{
    [Fact]
    public void States_that_are_nearly_all_mean_come_out_with_mean_0_and_like_variances()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(3, CPU);
        Tensor mixing = tensor(new double[,] { { 1, 1 }, { 0, 0.7 } });
        Tensor states = randn([20_000, 2], ScalarType.Float64, generator: generator).matmul(mixing).add(tensor([9.0, -30]));

        (Tensor weight, Tensor bias) = WhiteningStart.Of(states);

        Tensor white = nn.functional.linear(states, weight, bias);
        Assert.True(white.mean([0L]).abs().max().ToDouble() < 1e-9);
        Tensor covariance = white.t().matmul(white).Times(1.0 / states.shape[0]);
        Assert.Equal(0, covariance[0, 1].ToDouble(), 0.05);
        Assert.InRange(covariance[0, 0].ToDouble(), 0.9, 1);
        Assert.InRange(covariance[1, 1].ToDouble(), 0.9, 1);
    }

    [Fact]
    public void A_direction_in_which_nothing_differs_is_not_blown_up()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(3, CPU);
        Tensor states = randn([1_000, 2], ScalarType.Float64, generator: generator).mul(tensor([1.0, 1e-9]));

        (Tensor weight, _) = WhiteningStart.Of(states);

        Assert.InRange(weight.abs().max().ToDouble(), 0.9, 15);
    }
}
