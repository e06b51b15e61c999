using Lens.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lens.Layers;

/// <summary>A 2D convolution with a square kernel: <c>[B, in, H, W] → [B, out, H', W']</c>.</summary>
internal sealed class Conv2d : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long[] _stride;
    private readonly long[] _padding;

    public Conv2d(long inputs, long outputs, int kernel, Placement placement, int stride = 1, int padding = 0)
        : base(nameof(Conv2d))
    {
        _weight = this.AddParameter("weight", placement, outputs, inputs, kernel, kernel);
        _bias = this.AddParameter("bias", placement, outputs);
        _stride = [stride, stride];
        _padding = [padding, padding];
    }

    public override Tensor forward(Tensor input) => nn.functional.conv2d(input, _weight, _bias, _stride, _padding);
}
