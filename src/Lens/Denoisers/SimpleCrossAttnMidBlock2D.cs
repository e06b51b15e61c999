using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>The smallest resolution of DeepFloyd IF: residual block, attention, residual block (diffusers: UNetMidBlock2DSimpleCrossAttn).</summary>
internal sealed class SimpleCrossAttnMidBlock2D : UNetMidBlock
{
    private readonly IReadOnlyList<AddedKVAttention> _attentions;
    private readonly IReadOnlyList<ScaleShiftResnetBlock2D> _resnets;

    public SimpleCrossAttnMidBlock2D(UNet2DConditionConfig config, Placement placement)
        : base(nameof(SimpleCrossAttnMidBlock2D))
    {
        int width = config.BlockOutChannels[^1];
        _attentions = this.AddList("attentions", [new AddedKVAttention(width, config, placement)]);
        _resnets = this.AddList("resnets", Enumerable.Range(0, 2)
            .Select(_ => new ScaleShiftResnetBlock2D(width, width, config, config.Simple!.MidScale, placement)));
    }

    public override IEnumerable<TextAttention> CrossAttentions => _attentions;

    public override Tensor forward(Tensor input, Tensor activatedTime, CrossAttentionStates text)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _attentions[0].forward(_resnets[0].forward(input, activatedTime), text);
        return _resnets[1].forward(h, activatedTime).MoveToOuterDisposeScope();
    }
}
