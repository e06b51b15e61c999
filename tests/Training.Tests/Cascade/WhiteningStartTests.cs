using DiffusionLens.Runtime;
using TorchSharp;
using Training.Cascade;
using static TorchSharp.torch;

namespace Training.Tests.Cascade;

public class WhiteningStartTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Words_come_out_with_like_variances_as_far_from_padding_as_asked_and_padding_as_0(double distance)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(3, CPU);
        Tensor mixing = tensor(new double[,] { { 1, 1, 0 }, { 0, 0.7, 0.2 }, { 0, 0, 0.9 } });
        Tensor words = randn([20_000, 3], ScalarType.Float64, generator: generator).matmul(mixing).add(tensor([9.0, -30, 2]));
        Tensor padding = tensor([9.0, -30, 40]);

        (Tensor weight, Tensor bias) = WhiteningStart.Of(words, padding, distance);

        Assert.True(nn.functional.linear(padding, weight, bias).norm().ToDouble() < 1e-9);
        Tensor white = nn.functional.linear(words, weight, bias), mean = white.mean([0L]), centered = white.sub(mean);
        Assert.Equal(distance, mean.norm().ToDouble(), 1e-9);
        Tensor variances = linalg.eigvalsh(centered.t().matmul(centered).Times(1.0 / words.shape[0]));
        Assert.InRange(variances[1].ToDouble(), 0.9, 1.05);
        Assert.InRange(variances[2].ToDouble(), 0.9, 1.05);
    }

    [Fact]
    public void A_direction_in_which_nothing_differs_is_not_blown_up()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(3, CPU);
        Tensor words = randn([1_000, 2], ScalarType.Float64, generator: generator).mul(tensor([1.0, 1e-9]));

        (Tensor weight, _) = WhiteningStart.Of(words, tensor([5.0, 5]), distance: 1);

        Assert.InRange(weight.abs().max().ToDouble(), 0.1, 15);
    }
}
