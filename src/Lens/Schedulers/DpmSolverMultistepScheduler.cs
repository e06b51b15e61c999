using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// DPM-Solver++ (arXiv 2211.01095), the multistep solver of order 1 to 3 for the predicted image; also its stochastic form
/// (<c>sde-dpmsolver++</c>), and the older DPM-Solver (arXiv 2206.00927) for the predicted noise with its own.
/// </summary>
internal sealed class DpmSolverMultistepScheduler : Scheduler
{
    /// <summary>From this many steps on, <c>lower_order_final</c> does nothing.</summary>
    internal const int ManySteps = 15;

    private readonly SolverWalk _walk;
    private readonly DpmSolverAlgorithm _algorithm;
    private readonly int _order;
    private readonly bool _lowerOrderFinal, _eulerAtFinal;
    private readonly RecentTensors _predictions;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <param name="pipeline">What the pipeline adds, for rectified flows; its own sigmas give way to <c>use_flow_sigmas</c>.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public DpmSolverMultistepScheduler(SchedulerConfig config, int steps, PipelineSchedule? pipeline = null)
    {
        ConfigReader reader = config.Reader;
        SigmaSpacing spacing = SigmaSpacings.Of(
            reader, SigmaSpacing.Karras, SigmaSpacing.Lu, SigmaSpacing.Exponential, SigmaSpacing.Beta, SigmaSpacing.Flow);
        bool isFlow = spacing == SigmaSpacing.Flow, endsAtZero = SolverWalk.EndsAtZero(reader);
        _algorithm = DpmSolverAlgorithm.Of(reader, isFlow, "dpmsolver++", "dpmsolver", "sde-dpmsolver++", "sde-dpmsolver");
        _order = reader.Count("solver_order", 2, most: 3);
        _lowerOrderFinal = reader.Flag("lower_order_final", true);
        _eulerAtFinal = endsAtZero || reader.Flag("euler_at_final", false);
        if (_order == 3 && _algorithm.Name == "sde-dpmsolver")
        {
            throw reader.Error($"solver_order is {_order}; it must be 1 to 2 with algorithm_type '{_algorithm.Name}'");
        }

        SigmaTable table = SigmaTable.Of(config, rescales: true);
        int last = table.CountDownTo(reader, steps);
        SolverWalk walk = isFlow ? SolverWalk.OfFlow(reader, steps, pipeline) : SolverWalk.Of(
            reader,
            table,
            spacing,
            steps,
            () => Spacing.Timesteps(reader, steps, defaultSpacing: "linspace", last, stopsBeforeEnd: true),
            roundsCosine: false);
        _walk = walk.EndingAt(endsAtZero ? 0 : table.Smallest);
        _predictions = Remember(_order);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _walk.Timesteps;

    /// <inheritdoc/>
    public override bool IsStochastic => _algorithm.IsStochastic;

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _walk.Sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        NoiseLevel now = _walk.LevelAt(stepIndex), next = _walk.LevelAt(stepIndex + 1);
        _predictions.Add(_algorithm.Predicted(modelOutput, sample, now));
        int order = OrderAt(stepIndex);
        FiniteDifferences differences = Differences(stepIndex, order, next.Lambda - now.Lambda);
        return _algorithm.Step(sample, now, next, differences, order, noise).MoveToOuterDisposeScope();
    }

    /// <summary>As many earlier predictions as there are and as are stable near the end.</summary>
    private int OrderAt(int stepIndex)
    {
        int order = Math.Min(_order, stepIndex + 1), left = _walk.Calls - stepIndex;
        bool lowers = _lowerOrderFinal && _walk.Calls < ManySteps;
        return left == 1 && (_eulerAtFinal || lowers) ? 1
            : left == 2 && lowers ? Math.Min(order, 2)
            : order;
    }

    /// <summary>Backwards differences, in units of this step's <paramref name="h"/>.</summary>
    private FiniteDifferences Differences(int stepIndex, int order, double h)
    {
        if (order == 1)
        {
            return new FiniteDifferences(_predictions[0]);
        }

        double r0 = (LambdaAt(stepIndex) - LambdaAt(stepIndex - 1)) / h;
        Tensor late = _predictions[0].sub(_predictions[1]).Times(1 / r0);
        if (order == 2)
        {
            return new FiniteDifferences(_predictions[0], late);
        }

        double r1 = (LambdaAt(stepIndex - 1) - LambdaAt(stepIndex - 2)) / h;
        Tensor early = _predictions[1].sub(_predictions[2]).Times(1 / r1);
        Tensor change = late.sub(early).Times(1 / (r0 + r1));
        return new FiniteDifferences(_predictions[0], late.PlusScaled(change, r0), change);
    }

    private double LambdaAt(int stepIndex) => _walk.LevelAt(stepIndex).Lambda;
}
