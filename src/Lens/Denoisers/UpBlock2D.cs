using Lens.Layers;
using Lens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Lens.Denoisers;

/// <summary>One resolution on the way up (diffusers: UpBlock2D, CrossAttnUpBlock2D).</summary>
internal sealed class UpBlock2D : nn.Module
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
        int[] widths = [.. config.BlockOutChannels.Reverse()];
        int width = widths[index], from = widths[Math.Max(index - 1, 0)], skipOfLast = widths[Math.Min(index + 1, widths.Length - 1)];
        int layers = config.LayersPerBlock + 1, heads = config.HeadCounts[^(index + 1)];
        _attentions = this.AddList("attentions", Enumerable.Range(0, config.CrossAttentionUp[index] ? layers : 0)
            .Select(_ => new Transformer2DModel(width, heads, config, placement)));
        _resnets = this.AddList("resnets", Enumerable.Range(0, layers).Select(i => new ResnetBlock2D(
            (i == 0 ? from : width) + (i == layers - 1 ? skipOfLast : width), width, UNet2DConditionModel.Resnets(config), placement)));
        _upsamplers = this.AddList<Upsample2D>("upsamplers", index == widths.Length - 1 ? [] : [new Upsample2D(width, placement)]);
    }

    public IEnumerable<Attention> CrossAttentions => _attentions.Select(attention => attention.Cross);

    /// <summary>Runs the block, taking one state off <paramref name="skips"/> for each residual block.</summary>
    public Tensor forward(Tensor input, Tensor activatedTime, CrossAttentionStates text, Stack<Tensor> skips)
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
