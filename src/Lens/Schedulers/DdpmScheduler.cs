using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Ancestral sampling (DDPM, arXiv 2006.11239, equations 6 and 7): the mean of the next sample given the predicted image, plus fresh noise,
/// whose size is fixed or, for models that also predict it, learned (arXiv 2102.09672, equation 15).
/// </summary>
internal sealed class DdpmScheduler : Scheduler
{
    private const string LearnedRange = "learned_range";

    /// <summary>Keeps the logarithm of the last step's variance finite.</summary>
    private const double SmallestVariance = 1e-20;

    private readonly double[] _timesteps, _alphas;
    private readonly string _variance;
    private readonly Prediction _prediction;
    private readonly ImageBound _bound;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public DdpmScheduler(SchedulerConfig config, int steps)
    {
        ConfigReader reader = config.Reader;
        _timesteps = Spacing.TrainedTimesteps(reader, steps);
        _alphas = NoiseSchedule.RescaledAlphasCumprod(config, Betas);
        _variance = reader.OneOf("variance_type", "fixed_small", "fixed_small", "fixed_small_log", "fixed_large", LearnedRange);
        _prediction = Prediction.Of(reader, "epsilon", "v_prediction", "sample");
        _prediction.RequireSignal(reader, _alphas[(int)_timesteps[0]]);
        _bound = ImageBound.Of(reader);
    }

    private static BetaDefaults Betas => BetaDefaults.Ddpm with { Known = [.. BetaDefaults.Ddpm.Known, BetaDefaults.Sigmoid] };

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    public override bool IsStochastic => true;

    /// <inheritdoc/>
    public override bool DrawsNoise(int stepIndex) => _timesteps[stepIndex] > 0;

    internal override bool ReadsVariance => _variance == LearnedRange;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        int timestep = (int)_timesteps[stepIndex];
        double alpha = _alphas[timestep], nextAlpha = stepIndex + 1 < _timesteps.Length ? _alphas[(int)_timesteps[stepIndex + 1]] : 1;
        double stepAlpha = alpha / nextAlpha, stepBeta = 1 - stepAlpha;
        NoiseLevel level = NoiseLevel.FromAlphaCumprod(alpha);

        long channels = sample.shape[1];
        Tensor image = _bound.Apply(_prediction.Image(modelOutput.narrow(1, 0, channels), sample, level));
        Tensor mean = image.Times(Math.Sqrt(nextAlpha) * stepBeta / (1 - alpha))
            .PlusScaled(sample, Math.Sqrt(stepAlpha) * (1 - nextAlpha) / (1 - alpha));
        if (timestep == 0)
        {
            return mean.MoveToOuterDisposeScope();
        }

        double posterior = Math.Max((1 - nextAlpha) / (1 - alpha) * stepBeta, SmallestVariance);
        Tensor fresh = _variance switch
        {
            LearnedRange => noise!.mul(LearnedDeviation(modelOutput.narrow(1, channels, channels), posterior, stepBeta)),
            "fixed_large" => noise!.Times(Math.Sqrt(stepBeta)),
            _ => noise!.Times(Math.Sqrt(posterior)),
        };
        return mean.Plus(fresh).MoveToOuterDisposeScope();
    }

    /// <summary>The model's answer, -1..1, says where between the posterior's and the step's own variance the logarithm lies.</summary>
    private static Tensor LearnedDeviation(Tensor answer, double least, double most)
    {
        double low = Math.Log(least), high = Math.Log(most);
        return answer.Plus(1).Times((high - low) / 2).Plus(low).Times(0.5).exp();
    }
}
