using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// One resolution on the way down (diffusers: DownBlock2D, CrossAttnDownBlock2D; in DeepFloyd IF, where a residual block of its own halves
/// the size: ResnetDownsampleBlock2D, SimpleCrossAttnDownBlock2D).
/// </summary>
internal sealed class DownBlock2D : UNetBlock
{
    private readonly IReadOnlyList<ResnetBlock2D> _resnets;
    private readonly IReadOnlyList<nn.Module<Tensor, Tensor?, Tensor>> _downsamplers;

    /// <param name="level">Which resolution, 0 the largest.</param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public DownBlock2D(int level, UNet2DConditionConfig config, Placement placement)
        : base(nameof(DownBlock2D))
    {
        IReadOnlyList<int> widths = config.BlockOutChannels;
        int inputs = widths[Math.Max(level - 1, 0)], width = widths[level], layers = config.LayersPerBlock[level];
        ResnetOptions options = Resnets(config);
        Attentions = this.AddList("attentions", Enumerable.Range(0, config.CrossAttentionDown[level] ? layers : 0)
            .Select(_ => ImageAttention.Create(level, config.TransformerLayers[level], config, placement)));
        _resnets = this.AddList("resnets", Enumerable.Range(0, layers)
            .Select(i => new ResnetBlock2D(i == 0 ? inputs : width, width, options, placement)));
        _downsamplers = this.AddList<nn.Module<Tensor, Tensor?, Tensor>>(
            "downsamplers",
            level == widths.Count - 1 ? []
                : config.Simple is null ? [new Downsample2D(width, placement)]
                : [new ResnetBlock2D(width, width, options, placement, Resampling.Down)]);
    }

    protected override IReadOnlyList<ImageAttention> Attentions { get; }

    /// <summary>Runs the block and pushes every state that the way up will want onto <paramref name="skips"/>.</summary>
    /// <param name="input"><c>[B, in, H, W]</c>.</param>
    /// <param name="activatedTime">The activated time embedding, <c>[B, time width]</c>.</param>
    /// <param name="text">The text's keys and values.</param>
    /// <param name="skips">States for the way up; the block's output is the last.</param>
    public void forward(Tensor input, Tensor activatedTime, CrossAttentionStates text, Stack<Tensor> skips)
    {
        Tensor h = input;
        for (int i = 0; i < _resnets.Count; i++)
        {
            h = _resnets[i].forward(h, activatedTime);
            h = i < Attentions.Count ? Attentions[i].forward(h, text) : h;
            skips.Push(h);
        }

        foreach (nn.Module<Tensor, Tensor?, Tensor> down in _downsamplers)
        {
            skips.Push(down.forward(h, activatedTime));
        }
    }

    /// <summary>A 3×3 convolution of stride 2, padded all around; it does not read the time.</summary>
    private sealed class Downsample2D : nn.Module<Tensor, Tensor?, Tensor>
    {
        private readonly Conv2d _conv;

        public Downsample2D(int channels, Placement placement)
            : base(nameof(Downsample2D)) => _conv = this.Add("conv", new Conv2d(channels, channels, 3, placement, stride: 2, padding: 1));

        public override Tensor forward(Tensor input, Tensor? activatedTime) => _conv.forward(input);
    }
}
