using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>Nearest-neighbor upsampling, then a 3×3 convolution (diffusers: Upsample2D).</summary>
internal sealed class Upsample2D : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _conv;

    public Upsample2D(int channels, Placement placement)
        : base(nameof(Upsample2D)) => _conv = this.Add("conv", new Conv2d(channels, channels, 3, placement, padding: 1));

    /// <summary>To twice the size: <c>[B, C, H, W] → [B, C, 2H, 2W]</c>.</summary>
    public override Tensor forward(Tensor input) => forward(input, 2 * input.shape[2], 2 * input.shape[3]);

    /// <summary>To a given size; where a skip connection has an odd one, twice would not fit it.</summary>
    public Tensor forward(Tensor input, long height, long width)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor larger = nn.functional.interpolate(input, size: [height, width], mode: InterpolationMode.Nearest);
        return _conv.forward(larger).MoveToOuterDisposeScope();
    }
}
