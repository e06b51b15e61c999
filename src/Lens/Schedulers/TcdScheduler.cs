using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Trajectory consistency distillation (arXiv 2402.19159): each call goes along the trajectory to less noise than the next timestep's and
/// comes back to it with fresh noise, but for the last, which goes to timestep 0 and leaves that one's trace of noise.
/// </summary>
internal sealed class TcdScheduler : Scheduler
{
    private readonly double[] _timesteps, _alphas;
    private readonly double _eta;
    private readonly Prediction _prediction;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another; <c>eta</c>, 0 to 1, is γ of the paper.</param>
    /// <param name="steps">1 to <c>original_inference_steps</c>.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public TcdScheduler(SchedulerConfig config, int steps)
    {
        ConfigReader reader = config.Reader;
        _timesteps = ConsistencySteps.Of(reader, steps);
        _alphas = NoiseSchedule.RescaledAlphasCumprod(config, BetaDefaults.StableDiffusion);
        _prediction = Prediction.Of(reader, "epsilon", "v_prediction", "sample");
        _prediction.RequireSignal(reader, _alphas[(int)_timesteps[0]]);
        _eta = reader.Number("eta", 0.3, NumberRange.Share);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    public override bool IsStochastic => _eta > 0;

    /// <inheritdoc/>
    public override bool DrawsNoise(int stepIndex) => IsStochastic && stepIndex + 1 < _timesteps.Length;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        int next = stepIndex + 1 < _timesteps.Length ? (int)_timesteps[stepIndex + 1] : 0;
        double goal = _alphas[(int)Math.Floor((1 - _eta) * next)], nextAlpha = _alphas[next];
        NoiseLevel now = NoiseLevel.FromAlphaCumprod(_alphas[(int)_timesteps[stepIndex]]), beyond = NoiseLevel.FromAlphaCumprod(goal);

        Tensor result = _prediction.Image(modelOutput, sample, now).Times(beyond.Alpha)
            .PlusScaled(_prediction.Noise(modelOutput, sample, now), beyond.Sigma);
        return (DrawsNoise(stepIndex)
            ? result.Times(Math.Sqrt(nextAlpha / goal)).PlusScaled(noise!, Math.Sqrt(1 - (nextAlpha / goal)))
            : result).MoveToOuterDisposeScope();
    }
}
