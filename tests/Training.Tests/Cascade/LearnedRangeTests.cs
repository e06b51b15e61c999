using Lens.Runtime;
using TorchSharp;
using Training.Cascade;
using static TorchSharp.torch;

namespace Training.Tests.Cascade;

public class LearnedRangeTests
{
    private static readonly double[] Alphas = [.. Enumerable.Range(1, 100).Select(t => Math.Pow(Math.Cos(t / 101.0 * Math.PI / 2), 2))];

    [Fact]
    public void The_true_noise_with_the_posterior_s_variance_costs_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        LearnedRange range = new(Alphas);
        Tensor epsilon = randn(4, 3, 2, 2), timesteps = tensor([1L, 30, 60, 98]);

        Tensor answer = cat([epsilon, full_like(epsilon, -1)], 1);

        Assert.Equal(0, range.Loss(answer, epsilon, timesteps).ToSingle(), 5);
    }

    [Fact]
    public void The_variance_is_pulled_up_where_the_noise_is_predicted_wrongly_and_leaves_the_noise_its_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        LearnedRange range = new(Alphas);
        Tensor epsilon = randn(4, 3, 2, 2), timesteps = tensor([10L, 30, 60, 90]), noise = epsilon.Plus(0.5).requires_grad_();
        Tensor variance = full_like(epsilon, -1).requires_grad_();

        range.Loss(cat([noise, variance], 1), epsilon, timesteps).backward();

        Assert.True(variance.grad!.max().ToSingle() < 0);
        Tensor weight = tensor([.. new[] { 10, 30, 60, 90 }.Select(t => (float)(1 / Alphas[t]))]).view(-1, 1, 1, 1);
        Tensor weighted = noise.detach().sub(epsilon).mul(weight).Times(2.0 / epsilon.numel());
        Assert.True(noise.grad!.sub(weighted).abs().max().ToSingle() < 1e-6);
    }
}
