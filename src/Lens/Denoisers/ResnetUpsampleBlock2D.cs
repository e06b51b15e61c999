using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// One resolution of DeepFloyd IF on the way up, with or without attention (diffusers: SimpleCrossAttnUpBlock2D, ResnetUpsampleBlock2D). A
/// residual block of its own doubles the size.
/// </summary>
internal sealed class ResnetUpsampleBlock2D : UNetUpBlock
{
    private readonly IReadOnlyList<ScaleShiftResnetBlock2D> _resnets, _upsamplers;
    private readonly IReadOnlyList<AddedKVAttention> _attentions;

    /// <param name="index">Which up block, 0 the smallest resolution.</param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public ResnetUpsampleBlock2D(int index, UNet2DConditionConfig config, Placement placement)
        : base(nameof(ResnetUpsampleBlock2D))
    {
        (int width, int layers) = (config.BlockOutChannels[^(index + 1)], config.LayersPerBlock[^(index + 1)] + 1);
        double scale = config.Simple!.ResnetScale;
        _attentions = this.AddList("attentions", Enumerable.Range(0, config.CrossAttentionUp[index] ? layers : 0)
            .Select(_ => new AddedKVAttention(width, config, placement)));
        _resnets = this.AddList("resnets", Enumerable.Range(0, layers)
            .Select(i => new ScaleShiftResnetBlock2D(UpBlock2D.InputsOf(i, layers, index, config), width, config, scale, placement)));
        _upsamplers = this.AddList<ScaleShiftResnetBlock2D>(
            "upsamplers",
            index == config.BlockOutChannels.Count - 1 ? [] : [new ScaleShiftResnetBlock2D(width, width, config, scale, placement, Resampling.Up)]);
    }

    public override IEnumerable<TextAttention> CrossAttentions => _attentions;

    public override Tensor forward(Tensor input, Tensor activatedTime, CrossAttentionStates text, Stack<Tensor> skips)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = input;
        for (int i = 0; i < _resnets.Count; i++)
        {
            h = _resnets[i].forward(cat([h, skips.Pop()], 1), activatedTime);
            h = i < _attentions.Count ? _attentions[i].forward(h, text) : h;
        }

        foreach (ScaleShiftResnetBlock2D up in _upsamplers)
        {
            h = up.forward(h, activatedTime);
        }

        return h.MoveToOuterDisposeScope();
    }
}
