using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>What all residual blocks of one network share.</summary>
/// <param name="Groups">Groups of the group normalizations.</param>
/// <param name="Epsilon">Epsilon of the group normalizations.</param>
/// <param name="TimeWidth">Width of the time embedding; null in autoencoders, whose blocks have none.</param>
internal sealed record ResnetOptions(int Groups, double Epsilon, int? TimeWidth);

/// <summary>
/// Two convolutions around a residual connection, the time embedding added between them (diffusers: ResnetBlock2D):
/// <c>[B, in, H, W] → [B, out, H, W]</c>.
/// </summary>
internal sealed class ResnetBlock2D : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly GroupNorm _norm1, _norm2;
    private readonly Conv2d _conv1, _conv2;
    private readonly Linear? _timeProjection;
    private readonly Conv2d? _shortcut;

    public ResnetBlock2D(int inputs, int outputs, ResnetOptions options, Placement placement)
        : base(nameof(ResnetBlock2D))
    {
        _norm1 = this.Add("norm1", new GroupNorm(options.Groups, inputs, options.Epsilon, placement));
        _conv1 = this.Add("conv1", new Conv2d(inputs, outputs, 3, placement, padding: 1));
        _timeProjection = options.TimeWidth is { } width ? this.Add("time_emb_proj", new Linear(width, outputs, placement)) : null;
        _norm2 = this.Add("norm2", new GroupNorm(options.Groups, outputs, options.Epsilon, placement));
        _conv2 = this.Add("conv2", new Conv2d(outputs, outputs, 3, placement, padding: 1));
        _shortcut = inputs != outputs ? this.Add("conv_shortcut", new Conv2d(inputs, outputs, 1, placement)) : null;
    }

    /// <param name="input"><c>[B, in, H, W]</c>.</param>
    /// <param name="activatedTime"><c>silu</c> of the time embedding, <c>[B, width]</c>: the same for all blocks, so computed once.</param>
    public override Tensor forward(Tensor input, Tensor? activatedTime)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _conv1.forward(nn.functional.silu(_norm1.forward(input)));
        if (_timeProjection is not null && activatedTime is not null)
        {
            h = h.add(_timeProjection.forward(activatedTime).unsqueeze(-1).unsqueeze(-1));
        }

        h = _conv2.forward(nn.functional.silu(_norm2.forward(h)));
        Tensor residual = _shortcut is null ? input : _shortcut.forward(input);
        return residual.add(h).MoveToOuterDisposeScope();
    }
}
