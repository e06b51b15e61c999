using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Heun's method on a rectified flow: each step but the last asks the denoiser at its start and, after Euler's step, at its end, and
/// goes from its start along the mean of both answers.
/// </summary>
internal sealed class FlowMatchHeunDiscreteScheduler : Scheduler
{
    private readonly double[] _timesteps, _sigmas;
    private readonly RecentTensors _answers, _start;

    /// <summary>A run of <paramref name="steps"/> steps, two calls for each but the last.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public FlowMatchHeunDiscreteScheduler(SchedulerConfig config, int steps)
    {
        Spacing.RequireSteps(steps);
        ConfigReader reader = config.Reader;
        int trained = NoiseSchedule.TrainingSteps(reader);
        double shift = reader.Number("shift", 1, NumberRange.Factor), last = FlowShift.Shifted(1.0 / trained, shift);
        double[] sigmas =
        [
            .. Spacing.Even(trained, last * trained, steps).Select(timestep => FlowShift.Shifted(timestep / trained, shift)),
        ];
        _sigmas = [.. TwoCalls.Doubled(sigmas), 0];
        _timesteps = TwoCalls.Doubled([.. sigmas.Select(sigma => sigma * trained)]);
        (_answers, _start) = (Remember(1), Remember(1));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        if (TwoCalls.IsSecond(stepIndex))
        {
            double taken = _sigmas[stepIndex] - _sigmas[stepIndex - 1];
            return _start[0].PlusScaled(_answers[0].Plus(modelOutput), taken / 2).MoveToOuterDisposeScope();
        }

        _answers.Add(modelOutput);
        _start.Add(sample);
        return sample.PlusScaled(modelOutput, _sigmas[stepIndex + 1] - _sigmas[stepIndex]).MoveToOuterDisposeScope();
    }
}
