using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Heun's method (arXiv 2206.00364, algorithm 1): each step but the last asks the denoiser at its start and, after Euler's step, at its
/// end, and goes from its start along the mean of both directions.
/// </summary>
internal sealed class HeunDiscreteScheduler : SigmaScheduler
{
    private readonly double[] _timesteps, _sigmas;
    private readonly double? _clipRange;
    private readonly RecentTensors _direction, _start;

    /// <summary>A run of <paramref name="steps"/> steps, two calls for each but the last.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public HeunDiscreteScheduler(SchedulerConfig config, int steps)
        : base(
            SigmaWalk.Of(
                config.Reader,
                SigmaTable.Of(config, Betas),
                steps,
                SigmaSpacing.Karras,
                SigmaSpacing.Exponential,
                SigmaSpacing.Beta),
            Prediction.Of(config.Reader, "epsilon", "v_prediction", "sample"))
    {
        ConfigReader reader = config.Reader;
        (_timesteps, _sigmas) = (TwoCalls.Doubled(Walk.Timesteps), [.. TwoCalls.Doubled(Walk.Sigmas), 0]);
        _clipRange = reader.Flag("clip_sample", false) ? reader.Number("clip_sample_range", 1, NumberRange.Factor) : null;
        (_direction, _start) = (Remember(1), Remember(1));
    }

    private static BetaDefaults Betas
        => BetaDefaults.StableDiffusionLinear with { Known = [.. BetaDefaults.Ddpm.Known, BetaDefaults.Exponential] };

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor direction = Clipped(Direction(modelOutput, stepIndex, sample), stepIndex, sample);
        if (TwoCalls.IsSecond(stepIndex))
        {
            double taken = _sigmas[stepIndex] - _sigmas[stepIndex - 1];
            return _start[0].PlusScaled(_direction[0].Plus(direction), taken / 2).MoveToOuterDisposeScope();
        }

        _direction.Add(direction);
        _start.Add(sample);
        return sample.PlusScaled(direction, _sigmas[stepIndex + 1] - _sigmas[stepIndex]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    private protected override double SigmaAt(int stepIndex) => _sigmas[stepIndex];

    /// <summary>The direction away from an image that is cut to <c>clip_sample_range</c>.</summary>
    private Tensor Clipped(Tensor direction, int stepIndex, Tensor sample)
    {
        if (_clipRange is not { } range)
        {
            return direction;
        }

        Tensor image = sample.PlusScaled(direction, -_sigmas[stepIndex]).ClampTo(-range, range);
        return sample.sub(image).Times(1 / _sigmas[stepIndex]);
    }
}
