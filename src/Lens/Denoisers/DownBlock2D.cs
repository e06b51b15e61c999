using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>One resolution on the way down (diffusers: DownBlock2D, CrossAttnDownBlock2D).</summary>
internal sealed class DownBlock2D : UNetDownBlock
{
    private readonly IReadOnlyList<ResnetBlock2D> _resnets;
    private readonly IReadOnlyList<Transformer2DModel> _attentions;
    private readonly IReadOnlyList<Downsample2D> _downsamplers;

    /// <param name="inputs">Channels that come in.</param>
    /// <param name="level">Which resolution, 0 the largest.</param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="placement">Where and in which type.</param>
    public DownBlock2D(int inputs, int level, UNet2DConditionConfig config, Placement placement)
        : base(nameof(DownBlock2D))
    {
        int width = config.BlockOutChannels[level], layers = config.LayersPerBlock[level];
        bool last = level == config.BlockOutChannels.Count - 1;
        _attentions = this.AddList("attentions", Enumerable.Range(0, config.CrossAttentionDown[level] ? layers : 0)
            .Select(_ => new Transformer2DModel(width, config.HeadCounts[level], config, placement)));
        _resnets = this.AddList("resnets", Enumerable.Range(0, layers)
            .Select(i => new ResnetBlock2D(i == 0 ? inputs : width, width, UNet2DConditionModel.Resnets(config), placement)));
        _downsamplers = this.AddList<Downsample2D>("downsamplers", last ? [] : [new Downsample2D(width, placement)]);
    }

    public override IEnumerable<TextAttention> CrossAttentions => _attentions.Select(attention => attention.Cross);

    public override void forward(Tensor input, Tensor activatedTime, CrossAttentionStates text, Stack<Tensor> skips)
    {
        Tensor h = input;
        for (int i = 0; i < _resnets.Count; i++)
        {
            h = _resnets[i].forward(h, activatedTime);
            h = i < _attentions.Count ? _attentions[i].forward(h, text) : h;
            skips.Push(h);
        }

        foreach (Downsample2D down in _downsamplers)
        {
            skips.Push(down.forward(h));
        }
    }

    /// <summary>A 3×3 convolution of stride 2, padded all around.</summary>
    private sealed class Downsample2D : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _conv;

        public Downsample2D(int channels, Placement placement)
            : base(nameof(Downsample2D)) => _conv = this.Add("conv", new Conv2d(channels, channels, 3, placement, stride: 2, padding: 1));

        public override Tensor forward(Tensor input) => _conv.forward(input);
    }
}
