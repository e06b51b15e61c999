using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// One resolution on the way up (diffusers: UpBlock2D, CrossAttnUpBlock2D; in DeepFloyd IF, where a residual block of its own doubles the
/// size: ResnetUpsampleBlock2D, SimpleCrossAttnUpBlock2D).
/// </summary>
internal sealed class UpBlock2D : UNetBlock
{
    private readonly IReadOnlyList<ResnetBlock2D> _resnets;

    // At most one of them: Stable Diffusion's and DeepFloyd IF's. At the largest resolution there is none.
    private readonly IReadOnlyList<Upsample2D> _upsamplers = [];
    private readonly IReadOnlyList<ResnetBlock2D> _resnetUpsamplers = [];

    /// <param name="index">Which up block, 0 the smallest resolution.</param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public UpBlock2D(int index, UNet2DConditionConfig config, Placement placement)
        : base(nameof(UpBlock2D))
    {
        int level = config.BlockOutChannels.Count - 1 - index;
        int width = config.BlockOutChannels[level], layers = config.LayersPerBlock[level] + 1;
        ResnetOptions options = Resnets(config);
        Attentions = this.AddList("attentions", Enumerable.Range(0, config.CrossAttentionUp[index] ? layers : 0)
            .Select(_ => ImageAttention.Create(level, config.TransformerLayersUp[index], config, placement)));
        _resnets = this.AddList("resnets", Enumerable.Range(0, layers)
            .Select(i => new ResnetBlock2D(InputsOf(i, layers, level, config.BlockOutChannels), width, options, placement)));
        if (level > 0 && config.Simple is null)
        {
            _upsamplers = this.AddList("upsamplers", [new Upsample2D(width, placement)]);
        }
        else if (level > 0)
        {
            _resnetUpsamplers = this.AddList("upsamplers", [new ResnetBlock2D(width, width, options, placement, Resampling.Up)]);
        }
    }

    protected override IReadOnlyList<ImageAttention> Attentions { get; }

    /// <summary>Runs the block, taking one state off <paramref name="skips"/> for each residual block.</summary>
    /// <param name="input"><c>[B, in, H, W]</c>.</param>
    /// <param name="activatedTime">The activated time embedding, <c>[B, time width]</c>.</param>
    /// <param name="text">The text's keys and values.</param>
    /// <param name="skips">States of the way down, the newest on top.</param>
    /// <returns><c>[B, width, 2H, 2W]</c>; of the size that came in at the largest resolution.</returns>
    public Tensor forward(Tensor input, Tensor activatedTime, CrossAttentionStates text, Stack<Tensor> skips)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = input;
        for (int i = 0; i < _resnets.Count; i++)
        {
            h = _resnets[i].forward(cat([h, skips.Pop()], 1), activatedTime);
            h = i < Attentions.Count ? Attentions[i].forward(h, text) : h;
        }

        foreach (Upsample2D up in _upsamplers)
        {
            long[] next = skips.Peek().shape;
            h = up.forward(h, next[2], next[3]);
        }

        foreach (ResnetBlock2D up in _resnetUpsamplers)
        {
            h = up.forward(h, activatedTime);
        }

        return h.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Channels that a residual block on the way up gets: its predecessor's, and those of the state it takes off the skips.
    /// </summary>
    private static int InputsOf(int resnet, int resnets, int level, IReadOnlyList<int> widths)
    {
        int before = widths[resnet == 0 ? Math.Min(level + 1, widths.Count - 1) : level];
        return before + widths[resnet == resnets - 1 ? Math.Max(level - 1, 0) : level];
    }
}
