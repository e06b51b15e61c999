using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>DDIM (arXiv 2010.02502): the image is predicted, then noised again to the next level along the predicted noise.</summary>
internal sealed class DdimScheduler : Scheduler
{
    private readonly double[] _timesteps, _alphas;
    private readonly double _finalAlpha, _eta;
    private readonly int _stride;
    private readonly bool _renewNoise;
    private readonly Prediction _prediction;
    private readonly ImageBound _bound;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">
    /// The model's scheduler config, of this class or another. <c>eta</c> is η of the paper's equation 16: 0 draws no noise, 1 is DDPM;
    /// <c>use_clipped_model_output</c> takes the noise from the clipped image, not from the model.
    /// </param>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public DdimScheduler(SchedulerConfig config, int steps)
    {
        ConfigReader reader = config.Reader;
        _timesteps = Spacing.TrainedTimesteps(reader, steps);
        _stride = NoiseSchedule.TrainingSteps(reader) / steps;
        _alphas = NoiseSchedule.RescaledAlphasCumprod(config);
        _finalAlpha = reader.Flag("set_alpha_to_one", true) ? 1 : _alphas[0];
        _prediction = Prediction.Of(reader, "epsilon", "v_prediction", "sample");
        _bound = ImageBound.Of(reader);
        _prediction.RequireSignal(reader, _alphas[(int)_timesteps[0]]);
        (_eta, _renewNoise) = (reader.Number("eta", 0, NumberRange.Share), reader.Flag("use_clipped_model_output", false));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    public override bool IsStochastic => _eta > 0;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        int timestep = (int)_timesteps[stepIndex], next = timestep - _stride;
        double alpha = _alphas[timestep], nextAlpha = next >= 0 ? _alphas[next] : _finalAlpha;
        double deviation = _eta * Math.Sqrt((1 - nextAlpha) / (1 - alpha) * (1 - (alpha / nextAlpha)));
        NoiseLevel level = NoiseLevel.FromAlphaCumprod(alpha);

        Tensor image = _bound.Apply(_prediction.Image(modelOutput, sample, level));
        Tensor direction = _renewNoise ? Prediction.NoiseBeside(image, sample, level) : _prediction.Noise(modelOutput, sample, level);
        Tensor result = image.Times(Math.Sqrt(nextAlpha)).PlusScaled(direction, Math.Sqrt(1 - nextAlpha - (deviation * deviation)));
        return (IsStochastic ? result.PlusScaled(noise!, deviation) : result).MoveToOuterDisposeScope();
    }
}
