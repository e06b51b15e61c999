using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>What a <see cref="ResnetBlock2D"/> does to its image's size.</summary>
internal enum Resampling
{
    None,

    /// <summary>Means of 2×2 pixels.</summary>
    Down,

    /// <summary>Every pixel four times.</summary>
    Up,
}

/// <summary>
/// Two convolutions around a residual connection, between which the time embedding comes in (diffusers: ResnetBlock2D):
/// <c>[B, in, H, W] → [B, out, H', W']</c>. Down- and upsampling happen within, on both branches.
/// </summary>
internal sealed class ResnetBlock2D : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly GroupNorm _norm1, _norm2;
    private readonly Conv2d _conv1, _conv2;
    private readonly Linear? _timeProjection;
    private readonly Conv2d? _shortcut;
    private readonly ResnetOptions _options;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Resampling _resampling;

    /// <param name="inputs">Channels that come in.</param>
    /// <param name="outputs">Channels that go out.</param>
    /// <param name="options">What the blocks of the network share.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="resampling">What is done to the size.</param>
    public ResnetBlock2D(int inputs, int outputs, ResnetOptions options, Placement placement, Resampling resampling = Resampling.None)
        : base(nameof(ResnetBlock2D))
    {
        (_options, _resampling) = (options, resampling);
        _activation = Activation.Named(options.Activation, "act_fn");
        _norm1 = this.Add("norm1", new GroupNorm(options.Groups, inputs, options.Epsilon, placement));
        _conv1 = this.Add("conv1", new Conv2d(inputs, outputs, 3, placement, padding: 1));
        _timeProjection = options.TimeWidth is { } width
            ? this.Add("time_emb_proj", new Linear(width, options.TimeScalesAndShifts ? 2 * outputs : outputs, placement))
            : null;
        _norm2 = this.Add("norm2", new GroupNorm(options.Groups, outputs, options.Epsilon, placement));
        _conv2 = this.Add("conv2", new Conv2d(outputs, outputs, 3, placement, padding: 1));
        _shortcut = inputs != outputs ? this.Add("conv_shortcut", new Conv2d(inputs, outputs, 1, placement)) : null;
    }

    /// <param name="input"><c>[B, in, H, W]</c>.</param>
    /// <param name="activatedTime">
    /// The activated time embedding, <c>[B, time width]</c>: the same for all blocks, so computed once. Null for a network without time.
    /// </param>
    public override Tensor forward(Tensor input, Tensor? activatedTime)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _conv1.forward(Resampled(_activation(_norm1.forward(input))));
        h = _conv2.forward(_activation(NormedWithTime(h, activatedTime)));
        Tensor residual = Resampled(input);
        residual = _shortcut is null ? residual : _shortcut.forward(residual);
        Tensor sum = residual.Plus(h);
        return (_options.OutputScale == 1 ? sum : sum.Times(1 / _options.OutputScale)).MoveToOuterDisposeScope();
    }

    private Tensor NormedWithTime(Tensor h, Tensor? activatedTime)
    {
        if (_timeProjection is null || activatedTime is null)
        {
            return _norm2.forward(h);
        }

        Tensor time = _timeProjection.forward(activatedTime).unsqueeze(-1).unsqueeze(-1);
        if (!_options.TimeScalesAndShifts)
        {
            return _norm2.forward(h.Plus(time));
        }

        Tensor[] scaleAndShift = time.chunk(2, 1);
        return _norm2.forward(h).mul(scaleAndShift[0].Plus(1)).Plus(scaleAndShift[1]);
    }

    private Tensor Resampled(Tensor x) => _resampling switch
    {
        Resampling.Down => nn.functional.avg_pool2d(x, kernel_size: 2, stride: 2),
        Resampling.Up => nn.functional.interpolate(x, size: [2 * x.shape[2], 2 * x.shape[3]], mode: InterpolationMode.Nearest),
        _ => x,
    };
}
