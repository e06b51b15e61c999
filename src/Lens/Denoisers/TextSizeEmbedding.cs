using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// The share of the time embedding that the pooled text and the image's size have (diffusers: <c>text_time</c>): the text's vector beside
/// sinusoids of six numbers, then a two-layer MLP.
/// </summary>
internal sealed class TextSizeEmbedding : nn.Module
{
    private readonly Linear _linear1, _linear2;
    private readonly Sinusoids _sinusoids;
    private readonly Func<Tensor, Tensor> _activation;

    public TextSizeEmbedding(UNet2DConditionConfig config, Placement placement)
        : base(nameof(TextSizeEmbedding))
    {
        TextTimeOptions options = config.TextTime!;
        int inputs = options.PooledWidth + (TextTimeOptions.Numbers * options.NumberWidth);
        _sinusoids = new Sinusoids(options.NumberWidth, config.FrequencyShift, config.CosineFirst);
        _activation = Activation.Named(config.Activation, "act_fn");
        _linear1 = this.Add("linear_1", new Linear(inputs, config.TimeWidth, placement));
        _linear2 = this.Add("linear_2", new Linear(config.TimeWidth, config.TimeWidth, placement));
    }

    /// <param name="pooled"><c>[B, pooled width]</c>.</param>
    /// <param name="timeIds">The six numbers, in pixels, <c>[B, 6]</c>.</param>
    /// <returns><c>[B, time width]</c>.</returns>
    public Tensor forward(Tensor pooled, Tensor timeIds)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sizes = _sinusoids.Of(timeIds.flatten(), pooled.dtype).reshape(pooled.shape[0], -1);
        return _linear2.forward(_activation(_linear1.forward(cat([pooled, sizes], -1)))).MoveToOuterDisposeScope();
    }
}
