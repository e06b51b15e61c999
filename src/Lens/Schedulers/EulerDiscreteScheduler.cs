using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>Euler's method on samples x = image + σ · noise (arXiv 2206.00364, algorithm 2 without added noise).</summary>
internal sealed class EulerDiscreteScheduler : Scheduler
{
    private readonly double[] _timesteps, _sigmas;
    private readonly Prediction _prediction;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public EulerDiscreteScheduler(SchedulerConfig config, int steps)
    {
        ConfigReader reader = config.Reader;
        reader.Only("interpolation_type", "linear");
        reader.Only("timestep_type", "discrete");
        reader.Only("use_exponential_sigmas", "false");
        reader.Only("use_beta_sigmas", "false");
        reader.Only("sigma_min");
        reader.Only("sigma_max");
        _prediction = Prediction.Of(reader, "epsilon", "v_prediction", "sample");

        double[] table = NoiseSchedule.Sigmas(config);
        _timesteps = Spacing.Timesteps(reader, steps, defaultSpacing: "linspace", whole: false);
        double[] sigmas = [.. _timesteps.Select(timestep => Interpolated(table, timestep))];
        if (reader.Flag("use_karras_sigmas", false))
        {
            sigmas = SigmaSpacing.Karras.Between(sigmas[0], sigmas[^1], steps);
            _timesteps = [.. sigmas.Select(sigma => SigmaTable.Timestep(sigma, table))];
        }

        _sigmas = [.. sigmas, reader.OneOf("final_sigmas_type", "zero", "zero", "sigma_min") == "zero" ? 0 : table[0]];
        InitNoiseSigma = reader.Text("timestep_spacing", "linspace") == "leading" ? Math.Sqrt((_sigmas[0] * _sigmas[0]) + 1) : _sigmas[0];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    public override double InitNoiseSigma { get; }

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _sigmas;

    /// <summary>Scales a sample to unit size, which the denoiser was trained on.</summary>
    /// <param name="sample"><c>[B, C, H, W]</c>.</param>
    /// <param name="stepIndex">0, 1, ... in order.</param>
    public override Tensor ScaleModelInput(Tensor sample, int stepIndex) => sample.Times(NoiseLevel.FromRatio(_sigmas[stepIndex]).Alpha);

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor direction = _prediction.Noise(modelOutput, ScaleModelInput(sample, stepIndex), NoiseLevel.FromRatio(_sigmas[stepIndex]));
        return sample.PlusScaled(direction, _sigmas[stepIndex + 1] - _sigmas[stepIndex]).MoveToOuterDisposeScope();
    }

    private static double Interpolated(double[] table, double position)
    {
        int below = (int)position;
        return below == position ? table[below] : table[below] + ((position - below) * (table[below + 1] - table[below]));
    }
}
