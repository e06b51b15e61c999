using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Euler's method that goes beyond the next noise level and comes back to it with fresh noise, at every call; at the last one, which
/// ends at no noise, the draw counts for nothing.
/// </summary>
internal sealed class EulerAncestralDiscreteScheduler : SigmaScheduler
{
    private readonly double[] _sigmas;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public EulerAncestralDiscreteScheduler(SchedulerConfig config, int steps)
        : base(
            SigmaWalk.Of(config.Reader, SigmaTable.Of(config, rescales: true), steps),
            Prediction.Of(config.Reader, "epsilon", "v_prediction"))
        => _sigmas = [.. Walk.Sigmas, 0];

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => Walk.Timesteps;

    /// <inheritdoc/>
    public override bool IsStochastic => true;

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        AncestralStep step = AncestralStep.Between(_sigmas[stepIndex], _sigmas[stepIndex + 1]);
        return sample.PlusScaled(Direction(modelOutput, stepIndex, sample), step.Down - _sigmas[stepIndex])
            .PlusScaled(noise!, step.Up)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    private protected override double SigmaAt(int stepIndex) => _sigmas[stepIndex];
}

/// <summary>A step to less noise than wanted, and the fresh noise that makes up for it.</summary>
/// <param name="Down">σ before the fresh noise.</param>
/// <param name="Up">The fresh noise's size.</param>
internal readonly record struct AncestralStep(double Down, double Up)
{
    /// <summary>So much fresh noise as the process that made the noise would have added: DDPM's posterior.</summary>
    public static AncestralStep Between(double from, double to)
        => new(to * to / from, to * Math.Sqrt((from * from) - (to * to)) / from);
}
