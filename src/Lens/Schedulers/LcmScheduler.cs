using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Latent consistency models (arXiv 2310.04378): the image is predicted in one go and noised afresh to the next timestep, at every call
/// but the last.
/// </summary>
internal sealed class LcmScheduler : Scheduler
{
    /// <summary>The data's standard deviation, as consistency models (arXiv 2303.01469, appendix C) take it.</summary>
    private const double SigmaData = 0.5;

    private readonly double[] _timesteps, _alphas;
    private readonly double _scaling;
    private readonly Prediction _prediction;
    private readonly ImageBound _bound;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 to <c>original_inference_steps</c>.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public LcmScheduler(SchedulerConfig config, int steps)
    {
        ConfigReader reader = config.Reader;
        _timesteps = ConsistencySteps.Of(reader, steps);
        _alphas = NoiseSchedule.RescaledAlphasCumprod(config, BetaDefaults.StableDiffusion);
        _scaling = reader.Number("timestep_scaling", 10, NumberRange.Factor);
        _prediction = Prediction.Of(reader, "epsilon", "v_prediction", "sample");
        _prediction.RequireSignal(reader, _alphas[(int)_timesteps[0]]);
        _bound = ImageBound.Of(reader, clips: false);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    public override bool IsStochastic => true;

    /// <inheritdoc/>
    public override bool DrawsNoise(int stepIndex) => stepIndex + 1 < _timesteps.Length;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        int timestep = (int)_timesteps[stepIndex];
        Tensor image = _bound.Apply(_prediction.Image(modelOutput, sample, NoiseLevel.FromAlphaCumprod(_alphas[timestep])));

        // At timestep 0 the sample itself is the image; the further from it, the less of it is kept.
        double time = timestep * _scaling, spread = (time * time) + (SigmaData * SigmaData);
        Tensor denoised = image.Times(time / Math.Sqrt(spread)).PlusScaled(sample, SigmaData * SigmaData / spread);
        if (!DrawsNoise(stepIndex))
        {
            return denoised.MoveToOuterDisposeScope();
        }

        NoiseLevel next = NoiseLevel.FromAlphaCumprod(_alphas[(int)_timesteps[stepIndex + 1]]);
        return denoised.Times(next.Alpha).PlusScaled(noise!, next.Sigma).MoveToOuterDisposeScope();
    }
}
