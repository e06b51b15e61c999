using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>Euler's method on samples x = image + σ · noise (arXiv 2206.00364, algorithm 2 without added noise).</summary>
internal sealed class EulerDiscreteScheduler : SigmaScheduler
{
    private readonly double[] _timesteps, _sigmas;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public EulerDiscreteScheduler(SchedulerConfig config, int steps)
        : this(config, SigmaTable.Of(config, rescales: true), steps)
    {
    }

    private EulerDiscreteScheduler(SchedulerConfig config, SigmaTable table, int steps)
        : base(WalkOf(config.Reader, table, steps), Prediction.Of(config.Reader, "epsilon", "v_prediction", "sample"))
    {
        ConfigReader reader = config.Reader;
        _sigmas = [.. Walk.Sigmas, SolverWalk.EndsAtZero(reader) ? 0 : table.Smallest];
        bool isContinuous = reader.OneOf("timestep_type", "discrete", "discrete", "continuous") == "continuous";
        _timesteps = isContinuous && reader.Text("prediction_type", "epsilon") == "v_prediction"
            ? [.. Walk.Sigmas.Select(sigma => Math.Log(sigma) / 4)]
            : Walk.Timesteps;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor direction = Direction(modelOutput, stepIndex, sample);
        return sample.PlusScaled(direction, _sigmas[stepIndex + 1] - _sigmas[stepIndex]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    private protected override double SigmaAt(int stepIndex) => _sigmas[stepIndex];

    /// <summary>
    /// With <c>log_linear</c> interpolation the timesteps are as they are, but the sigmas walk evenly through the logarithms of the whole
    /// table, in one level more: the last step ends there and not at the final sigma.
    /// </summary>
    private static SigmaWalk WalkOf(ConfigReader reader, SigmaTable table, int steps)
    {
        SigmaWalk walk = SigmaWalk.Of(reader, table, steps, SigmaSpacing.Karras, SigmaSpacing.Exponential, SigmaSpacing.Beta);
        if (reader.OneOf("interpolation_type", "linear", "linear", "log_linear") == "linear")
        {
            return walk;
        }

        SigmaSpacing spacing = SigmaSpacings.Of(reader, SigmaSpacing.Karras, SigmaSpacing.Exponential, SigmaSpacing.Beta);
        if (spacing == SigmaSpacing.Timesteps)
        {
            double[] sigmas = SigmaSpacing.Exponential.Between(table.Largest, table.Smallest, steps + 1);
            return new SigmaWalk(walk.Timesteps, sigmas, SigmaWalk.StartOf(reader, sigmas[0]));
        }

        double[] spaced = spacing.Between(reader, table.Largest, table.Smallest, steps);
        return new SigmaWalk([.. spaced.Select(table.Timestep)], spaced, SigmaWalk.StartOf(reader, spaced[0]));
    }
}
