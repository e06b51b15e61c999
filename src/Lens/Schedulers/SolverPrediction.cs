using DiffusionLens.Configs;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>The image that a solver takes from the denoiser's answer, thresholded where the config says so.</summary>
internal sealed class SolverPrediction
{
    private readonly Prediction _prediction;
    private readonly DynamicThreshold? _threshold;

    private SolverPrediction(Prediction prediction, DynamicThreshold? threshold) => (_prediction, _threshold) = (prediction, threshold);

    /// <summary>Reads a config.</summary>
    /// <param name="config">The scheduler's config.</param>
    /// <param name="isFlow">Whether samples are a rectified flow's.</param>
    /// <exception cref="BadInputException">The denoiser predicts a flow, but the samples are none.</exception>
    public static SolverPrediction Of(ConfigReader config, bool isFlow)
    {
        Prediction prediction = Prediction.Of(config, "epsilon", "v_prediction", "sample", Prediction.FlowPrediction);
        return isFlow || config.Text("prediction_type", "epsilon") != Prediction.FlowPrediction
            ? new SolverPrediction(prediction, DynamicThreshold.Of(config))
            : throw config.Error($"prediction_type is {Prediction.FlowPrediction}, which needs use_flow_sigmas");
    }

    /// <summary>The image, <c>[B, C, H, W]</c>. Models that also predict a variance put it in channels after the image's.</summary>
    public Tensor Image(Tensor modelOutput, Tensor sample, NoiseLevel level)
    {
        Tensor image = _prediction.Image(modelOutput.narrow(1, 0, sample.shape[1]), sample, level);
        return _threshold?.Apply(image) ?? image;
    }

    /// <summary>The noise that goes with an image that may have been thresholded.</summary>
    public Tensor NoiseOfImage(Tensor modelOutput, Tensor sample, NoiseLevel level)
        => Prediction.NoiseBeside(Image(modelOutput, sample, level), sample, level);

    /// <summary>The noise as the denoiser says it.</summary>
    public Tensor Noise(Tensor modelOutput, Tensor sample, NoiseLevel level)
        => _prediction.Noise(modelOutput.narrow(1, 0, sample.shape[1]), sample, level);
}
