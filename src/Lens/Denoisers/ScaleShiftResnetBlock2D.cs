using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>What a <see cref="ScaleShiftResnetBlock2D"/> does to its image's size.</summary>
internal enum Resampling
{
    None,

    /// <summary>Means of 2×2 pixels.</summary>
    Down,

    /// <summary>Every pixel four times.</summary>
    Up,
}

/// <summary>
/// Two convolutions around a residual connection, between which the time embedding scales and shifts the normed states (diffusers:
/// ResnetBlock2D with <c>scale_shift</c>): <c>[B, in, H, W] → [B, out, H', W']</c>. Down- and upsampling happen within, on both branches,
/// and the branches' sum is divided by a fixed scale.
/// </summary>
internal sealed class ScaleShiftResnetBlock2D : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly GroupNorm _norm1, _norm2;
    private readonly Conv2d _conv1, _conv2;
    private readonly Linear _timeProjection;
    private readonly Conv2d? _shortcut;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Resampling _resampling;
    private readonly double _scale;

    /// <param name="inputs">Channels that come in.</param>
    /// <param name="outputs">Channels that go out.</param>
    /// <param name="config">The network's sizes.</param>
    /// <param name="scale">What the sum is divided by.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="resampling">What is done to the size.</param>
    public ScaleShiftResnetBlock2D(
        int inputs, int outputs, UNet2DConditionConfig config, double scale, Placement placement, Resampling resampling = Resampling.None)
        : base(nameof(ScaleShiftResnetBlock2D))
    {
        _activation = Activation.Named(config.Activation, "act_fn");
        (_resampling, _scale) = (resampling, scale);
        _norm1 = this.Add("norm1", new GroupNorm(config.NormGroups, inputs, config.NormEpsilon, placement));
        _conv1 = this.Add("conv1", new Conv2d(inputs, outputs, 3, placement, padding: 1));
        _timeProjection = this.Add("time_emb_proj", new Linear(config.TimeWidth, 2 * outputs, placement));
        _norm2 = this.Add("norm2", new GroupNorm(config.NormGroups, outputs, config.NormEpsilon, placement));
        _conv2 = this.Add("conv2", new Conv2d(outputs, outputs, 3, placement, padding: 1));
        _shortcut = inputs != outputs ? this.Add("conv_shortcut", new Conv2d(inputs, outputs, 1, placement)) : null;
    }

    public override Tensor forward(Tensor input, Tensor activatedTime)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] time = _timeProjection.forward(activatedTime).unsqueeze(-1).unsqueeze(-1).chunk(2, 1);
        Tensor h = _conv1.forward(Resampled(_activation(_norm1.forward(input))));
        h = _norm2.forward(h).mul(time[0].Plus(1)).add(time[1]);
        h = _conv2.forward(_activation(h));
        Tensor residual = Resampled(input);
        residual = _shortcut is null ? residual : _shortcut.forward(residual);
        return residual.add(h).Times(1 / _scale).MoveToOuterDisposeScope();
    }

    private Tensor Resampled(Tensor x) => _resampling switch
    {
        Resampling.Down => nn.functional.avg_pool2d(x, kernel_size: 2, stride: 2),
        Resampling.Up => nn.functional.interpolate(x, size: [2 * x.shape[2], 2 * x.shape[3]], mode: InterpolationMode.Nearest),
        _ => x,
    };
}
