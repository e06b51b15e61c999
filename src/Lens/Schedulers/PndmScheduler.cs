using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// PNDM (arXiv 2202.09778): linear multistep over the last four answers of the denoiser. Its start-up is Runge-Kutta, four calls for
/// each of three steps; or, where the config says <c>skip_prk_steps</c> as Stable Diffusion's does, one extra call: the second
/// timestep comes twice, and the second of the two calls makes the first step again from the mean of both answers.
/// </summary>
internal sealed class PndmScheduler : Scheduler
{
    private const int Order = 4;
    private readonly double[] _timesteps, _alphas;
    private readonly double _finalAlpha;
    private readonly int _stride, _rungeKuttaCalls;
    private readonly Prediction _prediction;
    private readonly RecentTensors _answers, _start, _sum;

    /// <summary>A run of <paramref name="steps"/> steps: one call more than steps, or nine more with the Runge-Kutta start-up.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more; 4 or more with the Runge-Kutta start-up.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public PndmScheduler(SchedulerConfig config, int steps)
    {
        (_answers, _start, _sum) = (Remember(Order), Remember(1), Remember(1));
        ConfigReader reader = config.Reader;
        double[] whole = Spacing.TrainedTimesteps(reader, steps);
        _stride = NoiseSchedule.TrainingSteps(reader) / steps;
        _alphas = NoiseSchedule.AlphasCumprod(config);
        _finalAlpha = reader.Flag("set_alpha_to_one", false) ? 1 : _alphas[0];
        _prediction = Prediction.Of(reader, "epsilon", "v_prediction");

        if (reader.Flag("skip_prk_steps", false))
        {
            _timesteps = [.. whole.Take(2), .. whole.Skip(1)];
        }
        else if (steps < Order)
        {
            throw new BadInputException($"steps is {steps}; pndm with a Runge-Kutta start-up (skip_prk_steps false) needs {Order} or more");
        }
        else
        {
            double[] startUp = [.. whole.Take(Order - 1).SelectMany((t, i) => RungeKutta(t, whole[i + 1]))];
            _rungeKuttaCalls = startUp.Length;
            _timesteps = [.. startUp, .. whole.Skip(Order - 1)];
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    private int HalfStride => _stride / 2;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor result = stepIndex < _rungeKuttaCalls
            ? RungeKuttaStep(modelOutput, stepIndex, sample)
            : MultistepStep(modelOutput, stepIndex, sample);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>One step's four timesteps: its start, its middle twice, its end.</summary>
    private double[] RungeKutta(double from, double to) => [from, to + HalfStride, to + HalfStride, to];

    private Tensor RungeKuttaStep(Tensor answer, int stepIndex, Tensor sample)
    {
        int stage = stepIndex % 4, from = (int)_timesteps[stepIndex - stage], at = (int)_timesteps[stepIndex];
        if (stage == 0)
        {
            _answers.Add(answer);
            _start.Add(sample);
        }

        Tensor weighted = answer.Times(stage is 0 or 3 ? 1.0 / 6 : 1.0 / 3);
        _sum.Add(stage == 0 ? weighted : _sum[0].Plus(weighted));
        return Move(_start[0], from, stage is 0 or 2 ? at - HalfStride : at, stage == 3 ? _sum[0] : answer);
    }

    private Tensor MultistepStep(Tensor answer, int stepIndex, Tensor sample)
    {
        int at = (int)_timesteps[stepIndex];
        if (stepIndex == 1 && _rungeKuttaCalls == 0)
        {
            return Move(_start[0], at + _stride, at, answer.Plus(_answers[0]).Times(0.5));
        }

        _answers.Add(answer);
        if (stepIndex == 0)
        {
            _start.Add(sample);
        }

        return Move(sample, at, at - _stride, Extrapolated());
    }

    /// <summary>The Adams-Bashforth mean of the answers so far.</summary>
    private Tensor Extrapolated() => _answers.Count switch
    {
        1 => _answers[0],
        2 => _answers[0].Times(3.0 / 2).PlusScaled(_answers[1], -1.0 / 2),
        3 => _answers[0].Times(23.0 / 12).PlusScaled(_answers[1], -16.0 / 12).PlusScaled(_answers[2], 5.0 / 12),
        _ => _answers[0].Times(55.0 / 24).PlusScaled(_answers[1], -59.0 / 24).PlusScaled(_answers[2], 37.0 / 24)
            .PlusScaled(_answers[3], -9.0 / 24),
    };

    /// <summary>The paper's equation 9: from one training step's noise level to another's along <paramref name="answer"/>.</summary>
    private Tensor Move(Tensor sample, int from, int to, Tensor answer)
    {
        double alpha = _alphas[from], nextAlpha = to >= 0 ? _alphas[to] : _finalAlpha;
        Tensor direction = _prediction.Noise(answer, sample, NoiseLevel.FromAlphaCumprod(alpha));
        double divisor = (alpha * Math.Sqrt(1 - nextAlpha)) + Math.Sqrt(alpha * (1 - alpha) * nextAlpha);
        return sample.Times(Math.Sqrt(nextAlpha / alpha)).PlusScaled(direction, (alpha - nextAlpha) / divisor);
    }
}
