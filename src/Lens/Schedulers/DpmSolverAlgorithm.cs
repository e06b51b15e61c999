using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// What the multistep and the singlestep DPM-Solver share: the algorithm, its midpoint or Heun form, and one step of it,
/// x' = keep · x - scale · ∫ e^u (D0 + D1 u + ...), with D0, D1, D2 the predictions' finite differences.
/// </summary>
internal sealed class DpmSolverAlgorithm
{
    private readonly string _name;
    private readonly bool _midpoint;
    private readonly SolverPrediction _prediction;

    private DpmSolverAlgorithm(string name, bool midpoint, SolverPrediction prediction)
        => (_name, _midpoint, _prediction) = (name, midpoint, prediction);

    public bool IsStochastic => _name.StartsWith("sde-", StringComparison.Ordinal);

    public bool IsMidpoint => _midpoint;

    public string Name => _name;

    private bool PredictsNoise => !_name.EndsWith("++", StringComparison.Ordinal);

    /// <summary>Reads a config; names of other classes' algorithms and solvers mean this one's own.</summary>
    /// <param name="reader">The scheduler's config.</param>
    /// <param name="isFlow">Whether samples are a rectified flow's.</param>
    /// <param name="known">The algorithms.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public static DpmSolverAlgorithm Of(ConfigReader reader, bool isFlow, params string[] known)
    {
        string name = reader.OneOf("algorithm_type", "dpmsolver++", [.. known, "deis"]);
        string solver = reader.OneOf("solver_type", "midpoint", "midpoint", "heun", "logrho", "bh1", "bh2");
        DpmSolverAlgorithm algorithm = new(name == "deis" ? "dpmsolver++" : name, solver != "heun", SolverPrediction.Of(reader, isFlow));
        if (algorithm.PredictsNoise && SolverWalk.EndsAtZero(reader))
        {
            throw reader.Error($"algorithm_type '{name}' cannot end at zero noise; final_sigmas_type must be 'sigma_min'");
        }

        return isFlow && algorithm.PredictsNoise
            ? throw reader.Error($"algorithm_type '{name}' cannot sample a rectified flow; it must be 'dpmsolver++' or 'sde-dpmsolver++'")
            : algorithm;
    }

    /// <summary>The image that the solver integrates, or the noise for the older algorithms.</summary>
    public Tensor Predicted(Tensor modelOutput, Tensor sample, NoiseLevel level)
        => PredictsNoise ? _prediction.NoiseOfImage(modelOutput, sample, level) : _prediction.Image(modelOutput, sample, level);

    /// <summary>One step.</summary>
    /// <param name="sample">Where it starts.</param>
    /// <param name="from">Its noise there.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="differences">D0, and at order 2 and 3 D1 and D2, in units of the step.</param>
    /// <param name="order">That of the solver here.</param>
    /// <param name="noise">Where the algorithm <see cref="IsStochastic"/>.</param>
    public Tensor Step(Tensor sample, NoiseLevel from, NoiseLevel to, FiniteDifferences differences, int order, Tensor? noise)
    {
        double h = to.Lambda - from.Lambda;
        (double keep, double scale, double u) = _name switch
        {
            "dpmsolver" => (to.Alpha / from.Alpha, to.Sigma, h),
            "sde-dpmsolver" => (to.Alpha / from.Alpha, 2 * to.Sigma, h),
            "dpmsolver++" => (to.Sigma / from.Sigma, to.Alpha, -h),
            _ => (to.Sigma / from.Sigma * Math.Exp(-h), to.Alpha, -2 * h),
        };
        double growth = Math.Exp(u) - 1;
        Tensor result = sample.Times(keep).PlusScaled(differences.Value, -scale * growth);
        if (differences.First is { } first)
        {
            double weight = order == 2 && _midpoint ? growth / 2 : (growth / u) - 1;
            result = result.PlusScaled(first, -scale * weight);
        }

        if (differences.Second is { } second)
        {
            // diffusers takes the half from the stochastic step's term where the integral adds it; so do we, for the same images.
            double half = IsStochastic ? -0.5 : 0.5;
            result = result.PlusScaled(second, -scale * (((growth - u) / (u * u)) - half));
        }

        double fresh = PredictsNoise ? Math.Exp(2 * h) - 1 : -growth;
        return IsStochastic ? result.PlusScaled(noise!, to.Sigma * Math.Sqrt(fresh)) : result;
    }
}

/// <summary>What the last predictions say of the integrand: its value and derivatives in λ, in units of the step.</summary>
/// <param name="Value">D0.</param>
/// <param name="First">D1; null at order 1.</param>
/// <param name="Second">D2; null at order 1 and 2.</param>
internal readonly record struct FiniteDifferences(Tensor Value, Tensor? First = null, Tensor? Second = null);
