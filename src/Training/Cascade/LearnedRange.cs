using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Cascade;

/// <summary>
/// The loss of a network that predicts the velocity √ᾱ ε - √(1 - ᾱ) x (Salimans and Ho 2022) and, in as many further channels,
/// where between its two bounds each pixel's variance lies (Nichol and Dhariwal 2021, equations 15 and 16; diffusers: DDPMScheduler,
/// variance_type learned_range).
/// </summary>
internal sealed class LearnedRange
{
    private readonly Tensor _signal, _noise, _logBeta, _logPosterior, _meanShare;

    /// <param name="alphasCumprod">ᾱ_t of each timestep.</param>
    public LearnedRange(double[] alphasCumprod)
    {
        int count = alphasCumprod.Length;
        double[] before = [1, .. alphasCumprod[..^1]];
        double[] betas = [.. alphasCumprod.Select((a, t) => 1 - (a / before[t]))];
        double[] posteriors = [.. betas.Select((beta, t) => beta * (1 - before[t]) / (1 - alphasCumprod[t]))];
        posteriors[0] = posteriors[1];
        TimestepCount = count;
        _signal = Table(alphasCumprod.Select(Math.Sqrt));
        _noise = Table(alphasCumprod.Select(a => Math.Sqrt(1 - a)));
        _logBeta = Table(betas.Select(beta => Math.Log(beta)));
        _logPosterior = Table(posteriors.Select(variance => Math.Log(variance)));

        // How far the mean of the step moves with an error of the velocity, squared: (β / (σ √α))² with an error of the noise, which
        // is by √ᾱ less.
        _meanShare = Table(betas.Select((beta, t) => alphasCumprod[t] * beta * beta / ((1 - alphasCumprod[t]) * (1 - beta))));
    }

    public int TimestepCount { get; }

    /// <summary>√ᾱ x + √(1 - ᾱ) ε: <c>[B, C, h, w]</c> float32.</summary>
    public Tensor Noisy(Tensor images, Tensor epsilon, Tensor timesteps)
        => images.mul(At(_signal, timesteps)).Plus(epsilon.mul(At(_noise, timesteps)));

    /// <summary>√ᾱ ε - √(1 - ᾱ) x: <c>[B, C, h, w]</c> float32.</summary>
    public Tensor Velocity(Tensor images, Tensor epsilon, Tensor timesteps)
        => epsilon.mul(At(_signal, timesteps)).sub(images.mul(At(_noise, timesteps)));

    /// <summary>
    /// Squared error of the velocity, and the divergence of the step's normal from the true one, which moves
    /// the variance alone. Both are means over pixels; the sum over all timesteps of the latter with the paper's weight 0.001 is its mean.
    /// </summary>
    /// <param name="answer"><c>[B, 2 C, h, w]</c> float32: velocity, then variance, -1..1 between β̃ and β.</param>
    /// <param name="velocity">The true one, <c>[B, C, h, w]</c> float32.</param>
    /// <param name="timesteps"><c>[B]</c> int64.</param>
    public Tensor Loss(Tensor answer, Tensor velocity, Tensor timesteps)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = answer.chunk(2, 1);
        Tensor squared = parts[0].sub(velocity).Squared();
        Tensor low = At(_logPosterior, timesteps), high = At(_logBeta, timesteps);
        Tensor share = parts[1].Plus(1).Times(0.5);
        Tensor logVariance = low.Plus(share.mul(high.sub(low)));
        Tensor moved = low.exp().Plus(squared.detach().mul(At(_meanShare, timesteps)));
        Tensor divergence = logVariance.sub(low).Plus(moved.mul(logVariance.neg().exp())).Plus(-1).Times(0.5);
        return squared.mean().Plus(divergence.mean()).MoveToOuterDisposeScope();
    }

    private static Tensor Table(IEnumerable<double> values) => tensor([.. values.Select(value => (float)value)]);

    private static Tensor At(Tensor table, Tensor timesteps) => table.index_select(0, timesteps).view(-1, 1, 1, 1);
}
