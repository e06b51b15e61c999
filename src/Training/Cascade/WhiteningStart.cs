using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Training.Cascade;

/// <summary>
/// Starting values of the two maps by which a UNet of DeepFloyd IF takes the text in: <c>encoder_hid_proj</c> for its attention, and the
/// values that are pooled for its time embedding. Nine tenths of what a T5 that was trained on text alone gives are the same for every
/// caption, and five of six positions are padding: from random values a UNet learns the colors and, for as long as it can be afforded here,
/// hardly a form. So words start with variance 1 in all directions, and padding starts as nothing.
/// </summary>
internal static class WhiteningStart
{
    // Of the mean variance: directions in which the words hardly differ are not blown up.
    private const double Floor = 0.02;

    // Of the words' mean from padding, by which attention can tell the two apart; pooled for all images alike it would outweigh all else.
    private const double Distance = 4, DistanceWherePooled = 0;

    /// <param name="unet">Gets the values.</param>
    /// <param name="language">The text encoder.</param>
    /// <param name="captions">On which the states are looked at.</param>
    public static void Set(UNet2DConditionModel unet, FrozenLanguage language, IReadOnlyList<string> captions)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor states = language.States(captions).to(ScalarType.Float32), isWord = language.Tokens(captions).Mask.to(ScalarType.Bool);
        Dictionary<string, Parameter> parameters = unet.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        Start("encoder_hid_proj", states, Distance);
        Start("add_embedding.pool.v_proj", nn.functional.layer_norm(states, [states.shape[2]]), DistanceWherePooled);

        void Start(string map, Tensor input, double distance)
        {
            Tensor words = input[isWord].to(ScalarType.Float64), padding = input[isWord.logical_not()].to(ScalarType.Float64).mean([0L]);
            (Tensor weight, Tensor bias) = Of(words, padding, distance);
            parameters[map + ".weight"].copy_(weight);
            parameters[map + ".bias"].copy_(bias);
        }
    }

    /// <summary>
    /// The map after which words have variance 1 in all directions (those below the floor less) but the one from padding to their mean;
    /// that is <paramref name="distance"/> long, and padding is 0.
    /// </summary>
    /// <param name="words"><c>[samples, width]</c> float64.</param>
    /// <param name="padding">Its mean, <c>[width]</c> float64.</param>
    /// <param name="distance">Of the mean word from padding, at least 0.</param>
    public static (Tensor Weight, Tensor Bias) Of(Tensor words, Tensor padding, double distance)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = words.mean([0L]), centered = words.sub(mean), apart = mean.sub(padding);
        Tensor covariance = centered.t().matmul(centered).Times(1.0 / words.shape[0]);
        (Tensor variances, Tensor directions) = linalg.eigh(covariance);
        Tensor scale = variances.ClampTo(0, double.MaxValue).Plus(variances.mean().Times(Floor)).rsqrt();
        Tensor white = directions.mul(scale).matmul(directions.t());
        Tensor moved = white.matmul(apart), along = apart.div(apart.dot(apart));
        Tensor weight = white.sub(moved.outer(along)).Plus(moved.div(moved.norm()).outer(along).Times(distance));
        return (weight.MoveToOuterDisposeScope(), weight.matmul(padding).neg().MoveToOuterDisposeScope());
    }
}
