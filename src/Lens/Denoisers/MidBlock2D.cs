using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// The smallest resolution: residual block, attention, residual block (diffusers: UNetMidBlock2DCrossAttn; in DeepFloyd IF
/// UNetMidBlock2DSimpleCrossAttn).
/// </summary>
internal sealed class MidBlock2D : UNetBlock
{
    private readonly IReadOnlyList<ResnetBlock2D> _resnets;

    public MidBlock2D(UNet2DConditionConfig config, Placement placement)
        : base(nameof(MidBlock2D))
    {
        int width = config.BlockOutChannels[^1];
        ResnetOptions options = Resnets(config) with { OutputScale = config.Simple?.MidScale ?? 1 };
        Attentions = this.AddList(
            "attentions", [ImageAttention.Create(config.BlockOutChannels.Count - 1, config.TransformerLayers[^1], config, placement)]);
        _resnets = this.AddList("resnets", Enumerable.Range(0, 2).Select(_ => new ResnetBlock2D(width, width, options, placement)));
    }

    protected override IReadOnlyList<ImageAttention> Attentions { get; }

    /// <param name="input"><c>[B, C, H, W]</c>.</param>
    /// <param name="activatedTime">The activated time embedding, <c>[B, time width]</c>.</param>
    /// <param name="text">The text's keys and values.</param>
    /// <returns><c>[B, C, H, W]</c>.</returns>
    public Tensor forward(Tensor input, Tensor activatedTime, CrossAttentionStates text)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = Attentions[0].forward(_resnets[0].forward(input, activatedTime), text);
        return _resnets[1].forward(h, activatedTime).MoveToOuterDisposeScope();
    }
}
