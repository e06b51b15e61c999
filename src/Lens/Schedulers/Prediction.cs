using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// What the denoiser was trained to say about a sample x = α · image + σ · noise, and the image and noise that follow from it.
/// </summary>
internal sealed class Prediction
{
    /// <summary>What a rectified flow's denoiser says: noise - image.</summary>
    public const string FlowPrediction = "flow_prediction";

    private readonly Kind _kind;

    private Prediction(Kind kind) => _kind = kind;

    private enum Kind
    {
        Noise,
        Velocity,
        Image,
        Flow,
    }

    /// <summary>Reads <c>prediction_type</c>.</summary>
    /// <param name="config">The scheduler's config.</param>
    /// <param name="supported">What this scheduler can work with, of epsilon, v_prediction, sample and flow_prediction.</param>
    public static Prediction Of(ConfigReader config, params string[] supported)
        => config.OneOf("prediction_type", "epsilon", supported) switch
        {
            "epsilon" => new Prediction(Kind.Noise),
            "v_prediction" => new Prediction(Kind.Velocity),
            FlowPrediction => new Prediction(Kind.Flow),
            _ => new Prediction(Kind.Image),
        };

    /// <summary>Refuses to begin at pure noise with a denoiser that says the noise: there is no image in it to divide by α = 0.</summary>
    /// <exception cref="BadInputException">It would.</exception>
    public void RequireSignal(ConfigReader config, double alpha)
    {
        if (alpha == 0 && _kind == Kind.Noise)
        {
            string why = config.Flag("rescale_betas_zero_snr", false) ? ", since rescale_betas_zero_snr is true" : "";
            throw config.Error(
                $"the run would begin at pure noise (alpha is 0 at its first timestep{why}), where prediction_type epsilon says nothing "
                + "of the image and everything becomes NaN; take timestep_spacing leading");
        }
    }

    public Tensor Image(Tensor output, Tensor sample, NoiseLevel level) => _kind switch
    {
        Kind.Noise => sample.PlusScaled(output, -level.Sigma).Times(1 / level.Alpha),
        Kind.Velocity => sample.Times(level.Alpha).PlusScaled(output, -level.Sigma),
        Kind.Flow => sample.PlusScaled(output, -level.Sigma),
        _ => output,
    };

    public Tensor Noise(Tensor output, Tensor sample, NoiseLevel level) => _kind switch
    {
        Kind.Noise => output,
        Kind.Velocity => output.Times(level.Alpha).PlusScaled(sample, level.Sigma),
        Kind.Flow => sample.PlusScaled(output, level.Alpha),
        _ => NoiseBeside(output, sample, level),
    };

    /// <summary>The noise that makes <paramref name="sample"/> of <paramref name="image"/>.</summary>
    public static Tensor NoiseBeside(Tensor image, Tensor sample, NoiseLevel level)
        => sample.PlusScaled(image, -level.Alpha).Times(1 / level.Sigma);
}
