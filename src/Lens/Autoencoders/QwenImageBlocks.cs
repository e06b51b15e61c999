using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using Conv2d = DiffusionLens.Layers.Conv2d;

namespace DiffusionLens.Autoencoders;

/// <summary>Two convolutions around a residual connection: <c>[B, in, H, W] → [B, out, H, W]</c>.</summary>
internal sealed class QwenImageResnet : nn.Module<Tensor, Tensor>
{
    private readonly ChannelNorm _norm1, _norm2;
    private readonly FrameConv _conv1, _conv2;
    private readonly FrameConv? _shortcut;

    public QwenImageResnet(int inputs, int outputs, Placement placement)
        : base(nameof(QwenImageResnet))
    {
        _norm1 = this.Add("norm1", new ChannelNorm(inputs, ofVideo: true, placement));
        _conv1 = this.Add("conv1", new FrameConv(inputs, outputs, 3, placement));
        _norm2 = this.Add("norm2", new ChannelNorm(outputs, ofVideo: true, placement));
        _conv2 = this.Add("conv2", new FrameConv(outputs, outputs, 3, placement));
        _shortcut = inputs == outputs ? null : this.Add("conv_shortcut", new FrameConv(inputs, outputs, 1, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _conv1.forward(nn.functional.silu(_norm1.forward(input)));
        h = _conv2.forward(nn.functional.silu(_norm2.forward(h)));
        return h.Plus(_shortcut is null ? input : _shortcut.forward(input)).MoveToOuterDisposeScope();
    }
}

/// <summary>Residual block, self-attention with one head, residual block; <c>[B, C, H, W] → [B, C, H, W]</c>.</summary>
internal sealed class QwenImageMiddle : nn.Module<Tensor, Tensor>
{
    private readonly IReadOnlyList<PixelAttention> _attentions;
    private readonly IReadOnlyList<QwenImageResnet> _resnets;

    public QwenImageMiddle(int channels, Placement placement)
        : base(nameof(QwenImageMiddle))
    {
        _attentions = this.AddList("attentions", [new PixelAttention(channels, placement)]);
        _resnets = this.AddList("resnets", Enumerable.Range(0, 2).Select(_ => new QwenImageResnet(channels, channels, placement)));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return _resnets[1].forward(_attentions[0].forward(_resnets[0].forward(input))).MoveToOuterDisposeScope();
    }

    private sealed class PixelAttention : nn.Module<Tensor, Tensor>
    {
        private readonly ChannelNorm _norm;
        private readonly Conv2d _heads, _output;

        public PixelAttention(int channels, Placement placement)
            : base(nameof(PixelAttention))
        {
            _norm = this.Add("norm", new ChannelNorm(channels, ofVideo: false, placement));
            _heads = this.Add("to_qkv", new Conv2d(channels, 3 * channels, 1, placement));
            _output = this.Add("proj", new Conv2d(channels, channels, 1, placement));
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor[] parts = [.. _heads.forward(_norm.forward(input)).flatten(2).transpose(1, 2).unsqueeze(1).chunk(3, -1)];
            Tensor mixed = HeadAttention.Attend(parts[0].contiguous(), parts[1].contiguous(), parts[2].contiguous());
            return input.Plus(_output.forward(mixed.transpose(1, 2).reshape(input.shape))).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>
/// A change of size: the convolution <c>resample.1</c>, after what needs no weights. What would be done to frames in time
/// (<c>time_conv</c>) is left out, since there is one frame.
/// </summary>
internal sealed class QwenImageResample : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _conv;
    private readonly bool _isUp;

    private QwenImageResample(Conv2d conv, bool isUp)
        : base(nameof(QwenImageResample))
    {
        (_conv, _isUp) = (conv, isUp);
        this.AddList<nn.Module>("resample", [nn.Identity(), conv]);
    }

    /// <summary>To twice the size and half the channels.</summary>
    public static QwenImageResample Up(int channels, Placement placement)
        => new(new Conv2d(channels, channels / 2, 3, placement, padding: 1), isUp: true);

    /// <summary>To half the size, padded at the right and the bottom alone.</summary>
    public static QwenImageResample Down(int channels, Placement placement)
        => new(new Conv2d(channels, channels, 3, placement, stride: 2), isUp: false);

    public override Tensor forward(Tensor input)
    {
        using Tensor resized = _isUp
            ? nn.functional.interpolate(input, size: [2 * input.shape[2], 2 * input.shape[3]], mode: InterpolationMode.Nearest)
            : nn.functional.pad(input, [0, 1, 0, 1]);
        return _conv.forward(resized);
    }
}
