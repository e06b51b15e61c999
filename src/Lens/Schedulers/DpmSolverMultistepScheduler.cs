using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// DPM-Solver++ (arXiv 2211.01095), the multistep solver of order 1 to 3 for the predicted image; also its stochastic form
/// (<c>sde-dpmsolver++</c>) and the older DPM-Solver (arXiv 2206.00927) for the predicted noise. All three solve
/// x' = keep · x - scale · ∫ e^u (D0 + D1 u + ...), with D0, D1, D2 the last predictions' finite differences.
/// </summary>
internal sealed class DpmSolverMultistepScheduler : Scheduler
{
    /// <summary>From this many steps on, <c>lower_order_final</c> does nothing.</summary>
    private const int ManySteps = 15;

    private readonly double[] _timesteps, _sigmas;
    private readonly string _algorithm;
    private readonly int _order;
    private readonly bool _midpoint, _lowerOrderFinal, _eulerAtFinal;
    private readonly Prediction _prediction;
    private readonly DynamicThreshold? _threshold;
    private readonly RecentTensors _predictions;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public DpmSolverMultistepScheduler(SchedulerConfig config, int steps)
    {
        ConfigReader reader = config.Reader;
        foreach (string variant in (string[])["use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas", "use_flow_sigmas"])
        {
            reader.Only(variant, "false");
        }

        _algorithm = reader.OneOf("algorithm_type", "dpmsolver++", "dpmsolver++", "dpmsolver", "sde-dpmsolver++");
        _order = reader.Int("solver_order", 2);
        _midpoint = reader.OneOf("solver_type", "midpoint", "midpoint", "heun") == "midpoint";
        _lowerOrderFinal = reader.Flag("lower_order_final", true);
        _prediction = Prediction.Of(reader, "epsilon", "v_prediction", "sample");
        _threshold = DynamicThreshold.Of(reader);
        bool endsAtZero = reader.OneOf("final_sigmas_type", "zero", "zero", "sigma_min") == "zero";
        _eulerAtFinal = endsAtZero || reader.Flag("euler_at_final", false);
        int highest = IsStochastic ? 2 : 3;
        if (_order < 1 || _order > highest)
        {
            throw reader.Error($"solver_order is {_order}; it must be 1 to {highest} with algorithm_type '{_algorithm}'");
        }

        if (endsAtZero && _algorithm == "dpmsolver")
        {
            throw reader.Error("algorithm_type 'dpmsolver' cannot end at zero noise; final_sigmas_type must be 'sigma_min'");
        }

        double[] table = NoiseSchedule.Sigmas(config);
        double noisiest = Math.Exp(-reader.Number("lambda_min_clipped", double.NegativeInfinity));
        int last = table.Count(sigma => sigma <= noisiest);
        _timesteps = Spacing.Timesteps(reader, steps, defaultSpacing: "linspace", last, stopsBeforeEnd: true);
        double[] sigmas = [.. _timesteps.Select(timestep => table[(int)timestep])];
        if (reader.Flag("use_karras_sigmas", false))
        {
            reader.Only("beta_schedule", "linear", "scaled_linear");
            sigmas = SigmaSpacing.Karras.Between(table[^1], table[0], steps);
            _timesteps = [.. sigmas.Select(sigma => Math.Round(SigmaTable.Timestep(sigma, table)))];
        }

        _sigmas = [.. sigmas, endsAtZero ? 0 : table[0]];
        _predictions = Remember(_order);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    public override bool IsStochastic => _algorithm == "sde-dpmsolver++";

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        NoiseLevel now = LevelAt(stepIndex), next = LevelAt(stepIndex + 1);
        _predictions.Add(Predicted(modelOutput, sample, now));

        double h = next.Lambda - now.Lambda;
        (double keep, double scale, double u) = _algorithm switch
        {
            "dpmsolver" => (next.Alpha / now.Alpha, next.Sigma, h),
            "dpmsolver++" => (next.Sigma / now.Sigma, next.Alpha, -h),
            _ => (next.Sigma / now.Sigma * Math.Exp(-h), next.Alpha, -2 * h),
        };
        double growth = Math.Exp(u) - 1;
        int order = OrderAt(stepIndex);
        Tensor result = sample.Times(keep).PlusScaled(_predictions[0], -scale * growth);
        if (order > 1)
        {
            (Tensor first, Tensor? second) = Differences(stepIndex, order, h);
            double weight = order == 2 && _midpoint ? growth / 2 : (growth / u) - 1;
            result = result.PlusScaled(first, -scale * weight);
            result = second is null ? result : result.PlusScaled(second, -scale * (((growth - u) / (u * u)) - 0.5));
        }

        return (IsStochastic ? result.PlusScaled(noise!, next.Sigma * Math.Sqrt(-growth)) : result).MoveToOuterDisposeScope();
    }

    /// <summary>The image that the solver integrates, or the noise for the older algorithm.</summary>
    private Tensor Predicted(Tensor modelOutput, Tensor sample, NoiseLevel level)
    {
        // Models that also predict a variance put it in channels after the image's.
        Tensor output = modelOutput.narrow(1, 0, sample.shape[1]);
        Tensor image = _prediction.Image(output, sample, level);
        image = _threshold?.Apply(image) ?? image;
        return _algorithm == "dpmsolver" ? Prediction.NoiseBeside(image, sample, level) : image;
    }

    /// <summary>As many earlier predictions as there are and as are stable near the end.</summary>
    private int OrderAt(int stepIndex)
    {
        int order = Math.Min(_order, stepIndex + 1), left = _timesteps.Length - stepIndex;
        bool lowers = _lowerOrderFinal && _timesteps.Length < ManySteps;
        return left == 1 && (_eulerAtFinal || lowers) ? 1
            : left == 2 && lowers ? Math.Min(order, 2)
            : order;
    }

    /// <summary>D1 and, at order 3, D2 in units of this step's <paramref name="h"/>.</summary>
    private (Tensor First, Tensor? Second) Differences(int stepIndex, int order, double h)
    {
        double r0 = (LevelAt(stepIndex).Lambda - LevelAt(stepIndex - 1).Lambda) / h;
        Tensor late = _predictions[0].sub(_predictions[1]).Times(1 / r0);
        if (order == 2)
        {
            return (late, null);
        }

        double r1 = (LevelAt(stepIndex - 1).Lambda - LevelAt(stepIndex - 2).Lambda) / h;
        Tensor early = _predictions[1].sub(_predictions[2]).Times(1 / r1);
        Tensor change = late.sub(early).Times(1 / (r0 + r1));
        return (late.PlusScaled(change, r0), change);
    }

    private NoiseLevel LevelAt(int stepIndex) => NoiseLevel.FromRatio(_sigmas[stepIndex]);
}
