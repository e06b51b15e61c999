using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// DPM-Solver-2 (arXiv 2206.00927) on samples x = image + σ · noise: each step but the last goes to the geometric middle of its levels,
/// asks the denoiser there, and goes from its start along that direction. The ancestral form goes beyond the next level and comes back
/// with fresh noise, drawn at the second call of each step.
/// </summary>
internal sealed class Kdpm2DiscreteScheduler : SigmaScheduler
{
    private readonly double[] _timesteps, _middles;
    private readonly AncestralStep[] _steps;
    private readonly bool _isAncestral;
    private readonly RecentTensors _start;

    /// <summary>A run of <paramref name="steps"/> steps, two calls for each but the last.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <param name="isAncestral">Whether fresh noise is drawn.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public Kdpm2DiscreteScheduler(SchedulerConfig config, int steps, bool isAncestral)
        : this(config.Reader, SigmaTable.Of(config, BetaDefaults.StableDiffusionLinear), steps, isAncestral)
    {
    }

    private Kdpm2DiscreteScheduler(ConfigReader reader, SigmaTable table, int steps, bool isAncestral)
        : base(
            SigmaWalk.Of(reader, table, steps, SigmaSpacing.Karras, SigmaSpacing.Exponential, SigmaSpacing.Beta),
            Prediction.Of(reader, "epsilon", "v_prediction"))
    {
        _isAncestral = isAncestral;
        _start = Remember(1);
        IEnumerable<(double From, double To)> pairs = Walk.Sigmas.Zip(Walk.Sigmas.Skip(1));
        _steps = [.. pairs.Select(pair => isAncestral ? AncestralStep.Between(pair.From, pair.To) : new AncestralStep(pair.To, 0))];
        _middles = [.. _steps.Select((step, i) => Math.Exp((Math.Log(Walk.Sigmas[i]) + Math.Log(step.Down)) / 2))];
        bool rounds = reader.Flag(SigmaSpacings.KeyOf(SigmaSpacing.Karras), false);
        double[] starts = rounds ? [.. Walk.Timesteps.Select(timestep => Math.Round(timestep))] : Walk.Timesteps;
        _timesteps = [starts[0], .. _middles.SelectMany((middle, i) => (double[])[table.Timestep(middle), starts[i + 1]])];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    public override bool IsStochastic => _isAncestral;

    /// <inheritdoc/>
    public override bool DrawsNoise(int stepIndex) => _isAncestral && TwoCalls.IsSecond(stepIndex);

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor direction = Direction(modelOutput, stepIndex, sample);
        int step = stepIndex / 2;
        double from = Walk.Sigmas[step];
        if (!TwoCalls.IsSecond(stepIndex))
        {
            _start.Add(sample);
            double to = step < _middles.Length ? _middles[step] : 0;
            return sample.PlusScaled(direction, to - from).MoveToOuterDisposeScope();
        }

        Tensor result = _start[0].PlusScaled(direction, _steps[step].Down - from);
        return (_isAncestral ? result.PlusScaled(noise!, _steps[step].Up) : result).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    private protected override double SigmaAt(int stepIndex)
        => TwoCalls.IsSecond(stepIndex) ? _middles[stepIndex / 2] : Walk.Sigmas[stepIndex / 2];
}
