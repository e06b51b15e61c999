using DiffusionLens.Runtime;
using TorchSharp;
using Training.Cascade;
using static TorchSharp.torch;

namespace Training.Tests.Cascade;

public class LearnedRangeTests
{
    private static readonly double[] Alphas = [.. Enumerable.Range(1, 100).Select(t => Math.Pow(Math.Cos(t / 101.0 * Math.PI / 2), 2))];

    [Fact]
    public void The_true_velocity_with_the_posterior_s_variance_costs_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        LearnedRange range = new(Alphas);
        Tensor velocity = randn(4, 3, 2, 2), timesteps = tensor([1L, 30, 60, 98]);

        Tensor answer = cat([velocity, full_like(velocity, -1)], 1);

        Assert.Equal(0, range.Loss(answer, velocity, timesteps).ToSingle(), 5);
    }

    [Fact]
    public void Of_a_noisy_image_and_its_velocity_both_image_and_noise_can_be_had()
    {
        using DisposeScope scope = NewDisposeScope();
        LearnedRange range = new(Alphas);
        Tensor image = rand(4, 3, 2, 2), epsilon = randn(4, 3, 2, 2), timesteps = tensor([0L, 30, 60, 99]);
        Tensor noisy = range.Noisy(image, epsilon, timesteps), velocity = range.Velocity(image, epsilon, timesteps);
        Tensor alpha = tensor([.. new[] { 0, 30, 60, 99 }.Select(t => (float)Math.Sqrt(Alphas[t]))]).view(-1, 1, 1, 1);
        Tensor sigma = alpha.Squared().neg().Plus(1).sqrt();

        Assert.True(noisy.mul(alpha).sub(velocity.mul(sigma)).allclose(image, 0, 1e-5));
        Assert.True(noisy.mul(sigma).add(velocity.mul(alpha)).allclose(epsilon, 0, 1e-5));
    }

    [Fact]
    public void The_variance_is_pulled_up_where_the_velocity_is_predicted_wrongly_and_leaves_the_velocity_its_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        LearnedRange range = new(Alphas);
        Tensor velocity = randn(4, 3, 2, 2), timesteps = tensor([10L, 30, 60, 90]), predicted = velocity.Plus(0.5).requires_grad_();
        Tensor variance = full_like(velocity, -1).requires_grad_();

        range.Loss(cat([predicted, variance], 1), velocity, timesteps).backward();

        Assert.True(variance.grad!.max().ToSingle() < 0);
        Tensor ofSquare = predicted.detach().sub(velocity).Times(2.0 / velocity.numel());
        Assert.True(predicted.grad!.sub(ofSquare).abs().max().ToSingle() < 1e-6);
    }
}
