using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// DPM-Solver++ (arXiv 2211.01095), the singlestep solver: orders go 1, 2 or 1, 2, 3 and begin again, and a call of order k goes from
/// where its cycle began, k calls back.
/// </summary>
internal sealed class DpmSolverSinglestepScheduler : Scheduler
{
    private readonly SolverWalk _walk;
    private readonly DpmSolverAlgorithm _algorithm;
    private readonly int[] _orders;
    private readonly RecentTensors _predictions, _start;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <param name="pipeline">What the pipeline adds, for rectified flows; its own sigmas give way to <c>use_flow_sigmas</c>.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public DpmSolverSinglestepScheduler(SchedulerConfig config, int steps, PipelineSchedule? pipeline = null)
    {
        ConfigReader reader = config.Reader;
        SigmaSpacing spacing = SigmaSpacings.Of(
            reader, SigmaSpacing.Karras, SigmaSpacing.Exponential, SigmaSpacing.Beta, SigmaSpacing.Flow);
        bool isFlow = spacing == SigmaSpacing.Flow, endsAtZero = SolverWalk.EndsAtZero(reader);
        _algorithm = DpmSolverAlgorithm.Of(reader, isFlow, "dpmsolver++", "dpmsolver", "sde-dpmsolver++");
        int order = reader.Count("solver_order", 2, most: 3);
        SigmaTable table = SigmaTable.Of(config);
        int last = table.CountDownTo(reader, steps);
        SolverWalk walk = isFlow ? SolverWalk.OfFlow(reader, steps, pipeline) : SolverWalk.Of(
            reader, table, spacing, steps, () => Spacing.EvenTimesteps(reader, steps, last));
        _walk = walk.EndingAt(endsAtZero ? 0 : table.Smallest);
        bool lowersAtEnd = reader.Flag("lower_order_final", false) || steps % order != 0 || endsAtZero;
        _orders = Orders(steps, order, lowersAtEnd, endsAtZero);
        (_predictions, _start) = (Remember(order), Remember(1));
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
        int order = _orders[stepIndex], start = stepIndex - order + 1;
        _predictions.Add(_algorithm.Predicted(modelOutput, sample, _walk.LevelAt(stepIndex)));
        if (order == 1)
        {
            _start.Add(sample);
        }

        NoiseLevel from = _walk.LevelAt(start), to = _walk.LevelAt(stepIndex + 1);
        FiniteDifferences differences = Differences(start, order, to.Lambda - from.Lambda);
        return _algorithm.Step(_start[0], from, to, differences, order, noise).MoveToOuterDisposeScope();
    }

    /// <summary>The order of each call: whole cycles, but with a shorter one and a first order call at the end where asked for.</summary>
    private static int[] Orders(int steps, int order, bool lowersAtEnd, bool endsAtZero)
    {
        int[] orders = [.. Enumerable.Range(0, steps).Select(call => (call % order) + 1)];
        if (lowersAtEnd && order > 1 && steps % order == 0)
        {
            orders[^1] = 1;
        }

        if (lowersAtEnd && order == 3 && steps % 3 == 0)
        {
            orders[^2] = 2;
        }

        orders[^1] = endsAtZero ? 1 : orders[^1];
        return orders;
    }

    /// <summary>Differences from where the cycle began, in units of the step's <paramref name="h"/>.</summary>
    private FiniteDifferences Differences(int start, int order, double h)
    {
        if (order == 1)
        {
            return new FiniteDifferences(_predictions[0]);
        }

        Tensor first = _predictions[order - 1];
        double near = Ratio(1);
        Tensor toNear = _predictions[order - 2].sub(first).Times(1 / near);
        if (order == 2)
        {
            return new FiniteDifferences(first, toNear);
        }

        double far = Ratio(2);
        Tensor toFar = _predictions[0].sub(first).Times(1 / far);
        if (_algorithm.IsMidpoint)
        {
            return new FiniteDifferences(first, toFar);
        }

        Tensor slope = toNear.Times(far).PlusScaled(toFar, -near).Times(1 / (far - near));
        return new FiniteDifferences(first, slope, toFar.sub(toNear).Times(2 / (far - near)));

        double Ratio(int calls) => (_walk.LevelAt(start + calls).Lambda - _walk.LevelAt(start).Lambda) / h;
    }
}
