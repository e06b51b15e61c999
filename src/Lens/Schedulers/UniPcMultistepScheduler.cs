using DiffusionLens.Configs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// UniPC (arXiv 2302.04867): each call first corrects the sample that it is given by the new prediction, then predicts the next one from
/// the corrected sample.
/// </summary>
internal sealed class UniPcMultistepScheduler : Scheduler
{
    /// <summary>A rectified flow that begins at pure noise begins so much below it.</summary>
    private const int HighestOrder = 20;

    private const double LeastImage = 1e-6;

    private readonly SolverWalk _walk;
    private readonly SolverPrediction _prediction;
    private readonly bool _predictsImage;
    private readonly UniPcUpdate?[] _corrections;
    private readonly UniPcUpdate[] _steps;
    private readonly RecentTensors _predictions, _corrected;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <param name="pipeline">What the pipeline adds, for rectified flows.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported, or for steps that are not finite.</exception>
    public UniPcMultistepScheduler(SchedulerConfig config, int steps, PipelineSchedule? pipeline = null)
    {
        ConfigReader reader = config.Reader;
        reader.Only("solver_p");
        string solver = reader.OneOf("solver_type", "bh2", "bh1", "bh2", "midpoint", "heun", "logrho");
        int order = reader.Count("solver_order", 2, HighestOrder);

        _walk = WalkOf(config, steps, pipeline);
        _predictsImage = reader.Flag("predict_x0", true);
        _prediction = SolverPrediction.Of(reader, _walk.IsFlow);
        if (!_predictsImage && reader.Text("prediction_type", "epsilon") == Prediction.FlowPrediction)
        {
            throw reader.Error($"predict_x0 is false, which cannot sample a {Prediction.FlowPrediction}");
        }

        bool lowers = reader.Flag("lower_order_final", true);
        int[] orders = [.. Enumerable.Range(0, _walk.Calls)
            .Select(call => Math.Min(Math.Min(order, call + 1), lowers ? _walk.Calls - call : order))];
        int[] uncorrected = reader.Ints("disable_corrector", [], 0, Most.TrainingSteps);
        UniPcSolver weights = new(_walk, _predictsImage, solver == "bh1");
        _steps = [.. orders.Select((order, call) => weights.Prediction(call, order))];
        _corrections = [.. orders.SkipLast(1).Select((order, call) => uncorrected.Contains(call) ? null : weights.Correction(call, order))];
        RequireFinite(reader, solver, lowers);
        (_predictions, _corrected) = (Remember(order), Remember(1));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _walk.Timesteps;

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _walk.Sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        NoiseLevel now = _walk.LevelAt(stepIndex);
        Tensor prediction = _predictsImage
            ? _prediction.Image(modelOutput, sample, now)
            : _prediction.Noise(modelOutput, sample, now);
        if (stepIndex > 0 && _corrections[stepIndex - 1] is { } correction)
        {
            sample = correction.Apply(_corrected[0], _predictions, prediction);
        }

        _predictions.Add(prediction);
        _corrected.Add(sample);
        return _steps[stepIndex].Apply(sample, _predictions).MoveToOuterDisposeScope();
    }

    private static SolverWalk WalkOf(SchedulerConfig config, int steps, PipelineSchedule? pipeline)
    {
        ConfigReader reader = config.Reader;
        SigmaSpacing spacing = SigmaSpacings.Of(reader, SigmaSpacing.Karras, SigmaSpacing.Exponential, SigmaSpacing.Beta);
        bool endsAtZero = SolverWalk.EndsAtZero(reader), isFlow = reader.Flag(SigmaSpacings.KeyOf(SigmaSpacing.Flow), false);
        SigmaTable table = SigmaTable.Of(config, rescales: true);
        if (!isFlow)
        {
            reader.Only("shift_terminal");
            SolverWalk walk = SolverWalk.Of(
                reader, table, spacing, steps, () => Spacing.Timesteps(reader, steps, defaultSpacing: "linspace", stopsBeforeEnd: true));
            return walk.EndingAt(endsAtZero ? 0 : spacing == SigmaSpacing.Timesteps ? table.Smallest : walk.Sigmas[^1]);
        }

        Spacing.RequireSteps(steps);
        double[] sigmas = spacing switch
        {
            SigmaSpacing.Timesteps => FlowSigmas(reader, steps, pipeline),
            SigmaSpacing.Karras => [.. spacing.Between(reader, table.Largest, table.Smallest, steps).Select(ratio => ratio / (ratio + 1))],
            _ => throw reader.Error($"{SigmaSpacings.KeyOf(spacing)} and use_flow_sigmas are true; only one of them can be"),
        };
        SolverWalk flow = SolverWalk.OfFlow(sigmas, NoiseSchedule.TrainingSteps(reader));
        return flow.EndingAt(endsAtZero ? 0 : sigmas[^1]);
    }

    /// <summary>Evenly from 1 down, shifted, and not quite from 1 then.</summary>
    private static double[] FlowSigmas(ConfigReader reader, int steps, PipelineSchedule? pipeline)
    {
        Func<double, double> shiftOf = FlowShift.OfMu(reader);
        double shift = !reader.Flag("use_dynamic_shifting", false) ? reader.Number("flow_shift", 1, NumberRange.Factor)
            : shiftOf(pipeline?.Mu ?? throw reader.Error(
                "use_dynamic_shifting is true, but this kind of model has no shift that depends on the image's size"));
        double end = 1.0 / NoiseSchedule.TrainingSteps(reader);
        double[] sigmas = [.. Spacing.Even(1, end, steps + 1).SkipLast(1).Select(sigma => FlowShift.Shifted(sigma, shift))];
        sigmas = FlowShift.Stretched(sigmas, reader.Number("shift_terminal", 0, FlowShift.Terminal), reader);
        sigmas[0] -= Math.Abs(sigmas[0] - 1) < LeastImage ? LeastImage : 0;
        return sigmas;
    }

    /// <summary>Where the last step goes to no noise, it is infinitely long in λ, and only some solvers stay finite.</summary>
    private void RequireFinite(ConfigReader reader, string solver, bool lowers)
    {
        bool multipliesByInfinity = solver == "bh1" && _walk.Sigmas[^1] == 0;
        if (!multipliesByInfinity && _steps.All(step => step.IsFinite) && _corrections.All(correction => correction?.IsFinite ?? true))
        {
            return;
        }

        string cause = _walk.Sigmas[^1] != 0 ? "these settings"
            : solver == "bh1" ? "solver_type 'bh1' with final_sigmas_type 'zero'"
            : !_predictsImage ? "predict_x0 false with final_sigmas_type 'zero'"
            : !lowers ? "lower_order_final false with final_sigmas_type 'zero'"
            : "these settings";
        throw reader.Error($"{cause} make steps that are not a number (diffusers returns NaN); final_sigmas_type 'sigma_min' does not");
    }
}
