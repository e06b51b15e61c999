using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>The smallest resolution: residual block, transformer, residual block (diffusers: UNetMidBlock2DCrossAttn).</summary>
internal sealed class MidBlock2D : UNetMidBlock
{
    private readonly IReadOnlyList<Transformer2DModel> _attentions;
    private readonly IReadOnlyList<ResnetBlock2D> _resnets;

    public MidBlock2D(UNet2DConditionConfig config, Placement placement)
        : base(nameof(MidBlock2D))
    {
        int width = config.BlockOutChannels[^1];
        _attentions = this.AddList("attentions", [new Transformer2DModel(width, config.HeadCounts[^1], config, placement)]);
        _resnets = this.AddList("resnets", Enumerable.Range(0, 2)
            .Select(_ => new ResnetBlock2D(width, width, UNet2DConditionModel.Resnets(config), placement)));
    }

    public override IEnumerable<TextAttention> CrossAttentions => _attentions.Select(attention => attention.Cross);

    public override Tensor forward(Tensor input, Tensor activatedTime, CrossAttentionStates text)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _attentions[0].forward(_resnets[0].forward(input, activatedTime), text);
        return _resnets[1].forward(h, activatedTime).MoveToOuterDisposeScope();
    }
}
