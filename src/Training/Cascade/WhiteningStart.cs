using Lens.Denoisers;
using Lens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Training.Cascade;

/// <summary>
/// Starting values of <c>encoder_hid_proj</c>, by which the text's states come out with mean 0 and variance 1 in all directions. Nine tenths of
/// what a T5 that was trained on text alone gives are the same for every caption, and the thing that it names is a twentieth: from random
/// values a UNet learns the colours and, for as long as it can be afforded here, hardly a form.
/// </summary>
internal static class WhiteningStart
{
    // Captions are shorter; the padding behind them sums them up, and is read too.
    private const int Positions = 16;

    // Of the mean variance: directions in which the captions hardly differ are not blown up.
    private const double Floor = 0.02;

    /// <param name="unet">Gets the values.</param>
    /// <param name="language">The text encoder.</param>
    /// <param name="captions">On which the states are looked at.</param>
    public static void Set(UNet2DConditionModel unet, FrozenLanguage language, IReadOnlyList<string> captions)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor states = language.States(captions).narrow(1, 0, Positions).flatten(0, 1).to(ScalarType.Float64);
        (Tensor weight, Tensor bias) = Of(states);
        Dictionary<string, Parameter> parameters = unet.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        parameters["encoder_hid_proj.weight"].copy_(weight);
        parameters["encoder_hid_proj.bias"].copy_(bias);
    }

    /// <summary>The symmetric matrix that makes all variances 1 (those below the floor less), and minus what it makes of the mean.</summary>
    /// <param name="states"><c>[samples, width]</c> float64.</param>
    public static (Tensor Weight, Tensor Bias) Of(Tensor states)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = states.mean([0L]), centered = states.sub(mean);
        Tensor covariance = centered.t().matmul(centered).Times(1.0 / states.shape[0]);
        (Tensor variances, Tensor directions) = linalg.eigh(covariance);
        Tensor scale = variances.ClampTo(0, double.MaxValue).add(variances.mean().Times(Floor)).rsqrt();
        Tensor weight = directions.mul(scale).matmul(directions.t());
        return (weight.MoveToOuterDisposeScope(), weight.matmul(mean).neg().MoveToOuterDisposeScope());
    }
}
