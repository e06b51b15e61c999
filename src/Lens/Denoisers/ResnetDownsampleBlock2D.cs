using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// One resolution of DeepFloyd IF on the way down, with or without attention (diffusers: SimpleCrossAttnDownBlock2D, ResnetDownsampleBlock2D).
/// A residual block of its own halves the size.
/// </summary>
internal sealed class ResnetDownsampleBlock2D : UNetDownBlock
{
    private readonly IReadOnlyList<ScaleShiftResnetBlock2D> _resnets, _downsamplers;
    private readonly IReadOnlyList<AddedKVAttention> _attentions;

    /// <param name="inputs">Channels that come in.</param>
    /// <param name="level">Which resolution, 0 the largest.</param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public ResnetDownsampleBlock2D(int inputs, int level, UNet2DConditionConfig config, Placement placement)
        : base(nameof(ResnetDownsampleBlock2D))
    {
        int width = config.BlockOutChannels[level], layers = config.LayersPerBlock[level];
        bool last = level == config.BlockOutChannels.Count - 1;
        double scale = config.Simple!.ResnetScale;
        _attentions = this.AddList("attentions", Enumerable.Range(0, config.CrossAttentionDown[level] ? layers : 0)
            .Select(_ => new AddedKVAttention(width, config, placement)));
        _resnets = this.AddList("resnets", Enumerable.Range(0, layers)
            .Select(i => new ScaleShiftResnetBlock2D(i == 0 ? inputs : width, width, config, scale, placement)));
        _downsamplers = this.AddList<ScaleShiftResnetBlock2D>(
            "downsamplers", last ? [] : [new ScaleShiftResnetBlock2D(width, width, config, scale, placement, Resampling.Down)]);
    }

    public override IEnumerable<TextAttention> CrossAttentions => _attentions;

    public override void forward(Tensor input, Tensor activatedTime, CrossAttentionStates text, Stack<Tensor> skips)
    {
        Tensor h = input;
        for (int i = 0; i < _resnets.Count; i++)
        {
            h = _resnets[i].forward(h, activatedTime);
            h = i < _attentions.Count ? _attentions[i].forward(h, text) : h;
            skips.Push(h);
        }

        foreach (ScaleShiftResnetBlock2D down in _downsamplers)
        {
            skips.Push(down.forward(h, activatedTime));
        }
    }
}
