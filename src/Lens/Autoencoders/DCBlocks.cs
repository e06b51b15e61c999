using System.Globalization;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>Modules one after the other, named by their numbers.</summary>
internal sealed class DCSequence : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>[] _modules;

    public DCSequence(IEnumerable<nn.Module<Tensor, Tensor>> modules)
        : base(nameof(DCSequence))
    {
        _modules = [.. modules];
        for (int i = 0; i < _modules.Length; i++)
        {
            this.Add(i.ToString(CultureInfo.InvariantCulture), _modules[i]);
        }
    }

    /// <summary>The blocks of a stage.</summary>
    public static IEnumerable<nn.Module<Tensor, Tensor>> Blocks(DCStage stage, int headWidth, Placement placement)
        => Enumerable.Range(0, stage.Layers).Select<int, nn.Module<Tensor, Tensor>>(_ => stage.Attends
            ? new DCAttentionBlock(stage, headWidth, placement)
            : new DCResBlock(stage.Width, placement));

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return _modules.Aggregate(input.alias(), (h, module) => module.forward(h)).MoveToOuterDisposeScope();
    }
}

/// <summary>Two convolutions and a norm beside a shortcut; <c>[B, C, H, W] → [B, C, H, W]</c>.</summary>
internal sealed class DCResBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _conv1, _conv2;
    private readonly ChannelRmsNorm _norm;

    public DCResBlock(int channels, Placement placement)
        : base(nameof(DCResBlock))
    {
        _conv1 = this.Add("conv1", new Conv2d(channels, channels, 3, placement, padding: 1));
        _conv2 = this.Add("conv2", new Conv2d(channels, channels, 3, placement, padding: 1, bias: false));
        _norm = this.Add("norm", new ChannelRmsNorm(channels, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _conv2.forward(nn.functional.silu(_conv1.forward(input)));
        return input.Plus(_norm.forward(h)).MoveToOuterDisposeScope();
    }
}

/// <summary>EfficientViT's block (arXiv 2205.14756): linear attention, then a mix-FFN, each beside a shortcut.</summary>
internal sealed class DCAttentionBlock : nn.Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly DCAttention _attention;
    private readonly MixFeedForward _feedForward;

    public DCAttentionBlock(DCStage stage, int headWidth, Placement placement)
        : base(nameof(DCAttentionBlock))
    {
        _attention = this.Add("attn", new DCAttention(stage.Width, headWidth, stage.Scales, placement));
        _feedForward = this.Add("conv_out", new MixFeedForward(stage.Width, Expansion * stage.Width, norms: true, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = input.Plus(_attention.forward(input));
        return h.Plus(_feedForward.forward(h)).MoveToOuterDisposeScope();
    }
}
