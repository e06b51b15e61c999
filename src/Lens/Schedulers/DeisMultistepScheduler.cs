using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// DEIS (arXiv 2204.13902) in ρ = σ/α: x/α moves by the integral over ρ of the predicted noise, which is taken as the polynomial in
/// log ρ through the last one to three predictions.
/// </summary>
internal sealed class DeisMultistepScheduler : Scheduler
{
    private readonly SolverWalk _walk;
    private readonly SolverPrediction _prediction;
    private readonly int _order;
    private readonly bool _lowers;
    private readonly RecentTensors _predictions;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <param name="pipeline">What the pipeline adds, for rectified flows; its own sigmas give way to <c>use_flow_sigmas</c>.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public DeisMultistepScheduler(SchedulerConfig config, int steps, PipelineSchedule? pipeline = null)
    {
        ConfigReader reader = config.Reader;
        reader.Only("algorithm_type", "deis", "dpmsolver", "dpmsolver++");
        reader.Only("solver_type", "logrho", "midpoint", "heun", "bh1", "bh2");
        SigmaSpacing spacing = SigmaSpacings.Of(
            reader, SigmaSpacing.Karras, SigmaSpacing.Exponential, SigmaSpacing.Beta, SigmaSpacing.Flow);
        bool isFlow = spacing == SigmaSpacing.Flow;
        _prediction = SolverPrediction.Of(reader, isFlow);
        _order = reader.Count("solver_order", 2, most: 3);

        SigmaTable table = SigmaTable.Of(config);
        SolverWalk walk = isFlow ? SolverWalk.OfFlow(reader, steps, pipeline) : SolverWalk.Of(
            reader, table, spacing, steps, () => Spacing.Timesteps(reader, steps, defaultSpacing: "linspace", stopsBeforeEnd: true));
        _walk = walk.EndingAt(spacing == SigmaSpacing.Timesteps ? table.Smallest : walk.Sigmas[^1]);
        _lowers = reader.Flag("lower_order_final", true) && _walk.Calls < DpmSolverMultistepScheduler.ManySteps;
        _predictions = Remember(_order);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _walk.Timesteps;

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _walk.Sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        NoiseLevel now = _walk.LevelAt(stepIndex), next = _walk.LevelAt(stepIndex + 1);
        _predictions.Add(_prediction.NoiseOfImage(modelOutput, sample, now));
        int left = _walk.Calls - stepIndex, order = Math.Min(_order, stepIndex + 1);
        order = _lowers ? Math.Min(order, left) : order;

        double[] logs = [.. Enumerable.Range(0, order).Select(age => Math.Log(RhoAt(stepIndex - age)))];
        Tensor result = sample.Times(next.Alpha / now.Alpha);
        for (int age = 0; age < order; age++)
        {
            double weight = Integral(RhoAt(stepIndex + 1), logs, age) - Integral(RhoAt(stepIndex), logs, age);
            result = result.PlusScaled(_predictions[age], next.Alpha * weight);
        }

        return result.MoveToOuterDisposeScope();
    }

    private double RhoAt(int stepIndex)
    {
        NoiseLevel level = _walk.LevelAt(stepIndex);
        return level.Sigma / level.Alpha;
    }

    /// <summary>∫ dρ of the Lagrange polynomial in log ρ that is 1 at one of <paramref name="logs"/> and 0 at the others.</summary>
    private static double Integral(double rho, double[] logs, int age)
    {
        double log = Math.Log(rho);
        double[] others = [.. logs.Where((_, other) => other != age)];
        double divisor = others.Aggregate(1.0, (product, other) => product * (logs[age] - other));
        return others switch
        {
            [] => rho,
            [double c] => rho * (log - c - 1) / divisor,
            [double c, double d] => rho * ((log * log) - ((c + d + 2) * log) + (c * d) + c + d + 2) / divisor,
            _ => throw new ArgumentOutOfRangeException(nameof(logs), logs.Length, "More than three predictions."),
        };
    }
}
