using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>One resolution on the way up (diffusers: UpBlock2D, CrossAttnUpBlock2D).</summary>
internal sealed class UpBlock2D : UNetUpBlock
{
    private readonly IReadOnlyList<ResnetBlock2D> _resnets;
    private readonly IReadOnlyList<Transformer2DModel> _attentions;
    private readonly IReadOnlyList<Upsample2D> _upsamplers;

    /// <param name="index">Which up block, 0 the smallest resolution.</param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public UpBlock2D(int index, UNet2DConditionConfig config, Placement placement)
        : base(nameof(UpBlock2D))
    {
        (int width, int layers, int heads) = (config.BlockOutChannels[^(index + 1)], config.LayersPerBlock[^(index + 1)] + 1, config.HeadCounts[^(index + 1)]);
        _attentions = this.AddList("attentions", Enumerable.Range(0, config.CrossAttentionUp[index] ? layers : 0)
            .Select(_ => new Transformer2DModel(width, heads, config, placement)));
        _resnets = this.AddList("resnets", Enumerable.Range(0, layers)
            .Select(i => new ResnetBlock2D(InputsOf(i, layers, index, config), width, UNet2DConditionModel.Resnets(config), placement)));
        _upsamplers = this.AddList<Upsample2D>("upsamplers", index == config.BlockOutChannels.Count - 1 ? [] : [new Upsample2D(width, placement)]);
    }

    public override IEnumerable<TextAttention> CrossAttentions => _attentions.Select(attention => attention.Cross);

    /// <summary>Channels that a residual block on the way up gets: its predecessor's, and those of the state it takes off the skips.</summary>
    /// <param name="resnet">Which residual block of the up block.</param>
    /// <param name="resnets">How many there are.</param>
    /// <param name="index">Which up block, 0 the smallest resolution.</param>
    /// <param name="config">The network's sizes.</param>
    public static int InputsOf(int resnet, int resnets, int index, UNet2DConditionConfig config)
    {
        int[] widths = [.. config.BlockOutChannels.Reverse()];
        int before = widths[resnet == 0 ? Math.Max(index - 1, 0) : index];
        return before + widths[resnet == resnets - 1 ? Math.Min(index + 1, widths.Length - 1) : index];
    }

    public override Tensor forward(Tensor input, Tensor activatedTime, CrossAttentionStates text, Stack<Tensor> skips)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = input;
        for (int i = 0; i < _resnets.Count; i++)
        {
            h = _resnets[i].forward(cat([h, skips.Pop()], 1), activatedTime);
            h = i < _attentions.Count ? _attentions[i].forward(h, text) : h;
        }

        foreach (Upsample2D up in _upsamplers)
        {
            long[] next = skips.Peek().shape;
            h = up.forward(h, next[2], next[3]);
        }

        return h.MoveToOuterDisposeScope();
    }
}
