using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>
/// Half the size: a convolution beside a shortcut, which shuffles pixels into channels and takes means of neighboring ones;
/// <c>[B, in, H, W] → [B, out, H/2, W/2]</c>.
/// </summary>
internal sealed class DCDownsample : nn.Module<Tensor, Tensor>
{
    private const int Factor = 2, Area = Factor * Factor;

    private readonly Conv2d _conv;
    private readonly bool _unshuffles;
    private readonly int _outputs;
    private readonly bool _hasShortcut;

    /// <param name="inputs">Channels that come in.</param>
    /// <param name="outputs">Channels that go out.</param>
    /// <param name="unshuffles">Whether pixels are shuffled behind the convolution too, which then has no stride.</param>
    /// <param name="hasShortcut">Whether there is a shortcut.</param>
    /// <param name="placement">Where and in which type.</param>
    public DCDownsample(int inputs, int outputs, bool unshuffles, bool hasShortcut, Placement placement)
        : base(nameof(DCDownsample))
    {
        (_unshuffles, _outputs, _hasShortcut) = (unshuffles, outputs, hasShortcut);
        _conv = this.Add("conv", unshuffles
            ? new Conv2d(inputs, outputs / Area, 3, placement, padding: 1)
            : new Conv2d(inputs, outputs, 3, placement, stride: Factor, padding: 1));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _conv.forward(input);
        h = _unshuffles ? nn.functional.pixel_unshuffle(h, Factor) : h;
        return (_hasShortcut ? h.Plus(DCShortcut.Means(nn.functional.pixel_unshuffle(input, Factor), _outputs)) : h)
            .MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Twice the size: a convolution beside a shortcut, which repeats channels and shuffles them into pixels;
/// <c>[B, in, H, W] → [B, out, 2H, 2W]</c>.
/// </summary>
internal sealed class DCUpsample : nn.Module<Tensor, Tensor>
{
    private const int Factor = 2, Area = Factor * Factor;

    private readonly Conv2d _conv;
    private readonly bool _shuffles;
    private readonly int _outputs;
    private readonly bool _hasShortcut;

    /// <param name="inputs">Channels that come in.</param>
    /// <param name="outputs">Channels that go out.</param>
    /// <param name="shuffles">Whether channels are shuffled into pixels behind the convolution, or pixels repeated before it.</param>
    /// <param name="hasShortcut">Whether there is a shortcut.</param>
    /// <param name="placement">Where and in which type.</param>
    public DCUpsample(int inputs, int outputs, bool shuffles, bool hasShortcut, Placement placement)
        : base(nameof(DCUpsample))
    {
        (_shuffles, _outputs, _hasShortcut) = (shuffles, outputs, hasShortcut);
        _conv = this.Add("conv", new Conv2d(inputs, shuffles ? outputs * Area : outputs, 3, placement, padding: 1));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _shuffles
            ? nn.functional.pixel_shuffle(_conv.forward(input), Factor)
            : _conv.forward(nn.functional.interpolate(
                input, size: [Factor * input.shape[2], Factor * input.shape[3]], mode: InterpolationMode.Nearest));
        return (_hasShortcut ? h.Plus(nn.functional.pixel_shuffle(DCShortcut.Repeated(input, _outputs * Area), Factor)) : h)
            .MoveToOuterDisposeScope();
    }
}

/// <summary>What goes by convolutions that change the number of channels.</summary>
internal static class DCShortcut
{
    /// <summary>Means of neighboring channels: <c>[B, C, H, W] → [B, channels, H, W]</c>.</summary>
    public static Tensor Means(Tensor x, long channels)
    {
        using DisposeScope scope = NewDisposeScope();
        return x.unflatten(1, channels, -1).mean([2]).MoveToOuterDisposeScope();
    }

    /// <summary>Each channel several times in a row: <c>[B, C, H, W] → [B, channels, H, W]</c>.</summary>
    public static Tensor Repeated(Tensor x, long channels) => x.repeat_interleave(channels / x.shape[1], 1);
}
