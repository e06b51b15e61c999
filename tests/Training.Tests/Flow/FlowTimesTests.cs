using TorchSharp;
using Training.Flow;
using static TorchSharp.torch;

namespace Training.Tests.Flow;

public class FlowTimesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Times_lie_inside_0_and_1_and_as_many_below_the_shifted_half_as_above(double shift)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1, CPU);

        float[] times = FlowTimes.Spread(1000, shift, generator).data<float>().ToArray();

        Assert.All(times, time => Assert.InRange(time, 1e-6, 1 - 1e-6));
        Assert.Equal(times.Order(), times);
        Assert.Equal(shift / (1 + shift), times[500], 0.005);
    }

    [Fact]
    public void Unshifted_times_have_the_quantiles_of_a_logit_normal()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1, CPU);

        float[] times = FlowTimes.Spread(1000, shift: 1, generator).data<float>().ToArray();

        // One deviation above the mean are 15.87 % of a normal's values.
        Assert.Equal(1 / (1 + Math.Exp(-1)), times[841], 0.005);
        Assert.Equal(1 / (1 + Math.Exp(1)), times[158], 0.005);
    }

    [Fact]
    public void From_a_noisy_image_back_along_the_velocity_is_the_image()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1, CPU);
        Tensor latents = randn(6, 4, 16, 16);

        FlowSample sample = FlowSample.Draw(latents, generator);

        Tensor velocity = DiffusionLens.Denoisers.PackedLatents.Back(sample.PackedVelocity, 8, 8);
        Assert.True(sample.Noisy.sub(velocity.mul(sample.Times.view(-1, 1, 1, 1))).allclose(latents, 0, 1e-5));
    }
}
