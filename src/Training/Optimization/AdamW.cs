using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Optimization;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) on one float32 vector, with clipping of the gradient's norm and an exponential moving average
/// of the weights. Matrices can be left to <see cref="Muon"/>.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-8, LongestMemory = 0.9995;

    private readonly ParameterVector _parameters;
    private readonly Tensor _decayMask;
    private readonly double _weightDecay, _largestNorm;
    private readonly Muon? _muon;

    /// <param name="parameters">What it moves.</param>
    /// <param name="weightDecay">Of weights that are no norms or biases, a step, as a share of the learning rate.</param>
    /// <param name="withMuon">Whether matrices move by <see cref="Muon"/>.</param>
    /// <param name="largestNorm">The gradient is scaled down to it.</param>
    public AdamW(ParameterVector parameters, double weightDecay, bool withMuon = false, double largestNorm = 1)
    {
        _parameters = parameters;
        _weightDecay = weightDecay;
        _largestNorm = largestNorm;
        _decayMask = parameters.DecayMask();
        Weights = parameters.Values();
        FirstMoment = zeros_like(Weights);
        SecondMoment = zeros_like(Weights);
        Average = Weights.clone();
        _muon = withMuon ? new Muon(parameters) : null;
    }

    public long Steps { get; private set; }

    public Tensor Weights { get; }

    public Tensor Average { get; }

    private Tensor FirstMoment { get; }

    private Tensor SecondMoment { get; }

    /// <summary>Takes the gradients and moves the weights.</summary>
    /// <param name="learningRate">This step's.</param>
    /// <returns>The gradient's norm before clipping.</returns>
    public double Step(double learningRate)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Steps++;
        Tensor gradient = _parameters.TakeGradients();
        double norm = gradient.norm().ToDouble();
        if (!double.IsFinite(norm))
        {
            throw new InvalidOperationException($"the gradient is not finite at step {Steps}");
        }

        using Scalar clip = Math.Min(1, _largestNorm / (norm + 1e-12)), beta1 = Beta1, beta2 = Beta2, rest1 = 1 - Beta1, rest2 = 1 - Beta2;
        gradient.mul_(clip);
        FirstMoment.mul_(beta1).add_(gradient, rest1);
        SecondMoment.mul_(beta2).addcmul_(gradient, gradient, rest2);
        using Scalar decay = -learningRate * _weightDecay, move = -learningRate / (1 - Math.Pow(Beta1, Steps));
        Weights.addcmul_(Weights.clone(), _decayMask, decay);
        Tensor scale = SecondMoment.Times(1 / (1 - Math.Pow(Beta2, Steps))).sqrt_().Plus(Epsilon);
        Weights.addcdiv_(_muon is null ? FirstMoment : FirstMoment.mul(_muon.Others), scale, move);
        _muon?.Step(Weights, gradient, learningRate);
        double memory = Math.Min(LongestMemory, (1.0 + Steps) / (10 + Steps));
        using Scalar keep = memory, pull = 1 - memory;
        Average.mul_(keep).add_(Weights, pull);
        _parameters.Assign(Weights);
        return norm;
    }

    /// <summary>The optimizer's whole state under the names that <see cref="Restore"/> reads.</summary>
    public Dictionary<string, Tensor> State()
    {
        Dictionary<string, Tensor> state = new()
        {
            ["weights"] = Weights,
            ["average"] = Average,
            ["first_moment"] = FirstMoment,
            ["second_moment"] = SecondMoment,
        };
        if (_muon is not null)
        {
            state["momentum"] = _muon.Momentum;
        }

        return state;
    }

    /// <summary>Goes on from a saved state.</summary>
    public void Restore(Func<string, Tensor> saved, long steps)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in State())
        {
            tensor.copy_(saved(name));
        }

        Steps = steps;
        _parameters.Assign(Weights);
    }

    public void Dispose()
    {
        foreach (Tensor tensor in (Tensor[])[Weights, Average, FirstMoment, SecondMoment, _decayMask])
        {
            tensor.Dispose();
        }

        _muon?.Dispose();
    }
}
