using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Linear multistep (Adams-Bashforth) on samples x = image + σ · noise: the direction is taken as the polynomial through the last few
/// predictions, and integrated over the step.
/// </summary>
internal sealed class LmsDiscreteScheduler : SigmaScheduler
{
    private const int HighestOrder = 4;
    private readonly double[] _sigmas;
    private readonly int _order;
    private readonly RecentTensors _directions;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">
    /// The model's scheduler config, of this class or another; <c>order</c> 1 to 4 is how many predictions count.
    /// </param>
    /// <param name="steps">1 or more.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public LmsDiscreteScheduler(SchedulerConfig config, int steps)
        : base(
            SigmaWalk.Of(config.Reader, SigmaTable.Of(config), steps, SigmaSpacing.Karras, SigmaSpacing.Exponential, SigmaSpacing.Beta),
            Prediction.Of(config.Reader, "epsilon", "v_prediction", "sample"))
    {
        _sigmas = [.. Walk.Sigmas, 0];
        _order = config.Reader.Count("order", HighestOrder, most: HighestOrder);
        _directions = Remember(_order);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => Walk.Timesteps;

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        using DisposeScope scope = NewDisposeScope();
        _directions.Add(Direction(modelOutput, stepIndex, sample));
        Tensor result = sample;
        for (int age = 0; age < _directions.Count; age++)
        {
            result = result.PlusScaled(_directions[age], Weight(stepIndex, age));
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    private protected override double SigmaAt(int stepIndex) => _sigmas[stepIndex];

    /// <summary>
    /// The integral over the step of the Lagrange polynomial that is 1 at the σ of the prediction <paramref name="age"/> calls ago and 0
    /// at the others': Gauss's two points are exact up to degree 3.
    /// </summary>
    private double Weight(int stepIndex, int age)
    {
        double from = _sigmas[stepIndex], to = _sigmas[stepIndex + 1], middle = (from + to) / 2, aside = (to - from) / 2 / Math.Sqrt(3);
        return (Polynomial(middle - aside) + Polynomial(middle + aside)) * (to - from) / 2;

        double Polynomial(double sigma) => Enumerable.Range(0, _directions.Count)
            .Where(other => other != age)
            .Aggregate(1.0, (product, other) => product * (sigma - Past(other)) / (Past(age) - Past(other)));

        double Past(int calls) => _sigmas[stepIndex - calls];
    }
}
