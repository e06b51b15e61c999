using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>A 2D convolution with a square kernel: <c>[B, in, H, W] → [B, out, H', W']</c>.</summary>
internal sealed class Conv2d : nn.Module<Tensor, Tensor>
{
    private const long KernelWidth = 16;

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

    public override Tensor forward(Tensor input)
    {
        long missing = KernelWidth - (_weight.shape[0] % KernelWidth);
        if (missing == KernelWidth || !NeedsWholeKernels())
        {
            return nn.functional.conv2d(input, _weight, _bias, _stride, _padding);
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor weight = nn.functional.pad(_weight, [0, 0, 0, 0, 0, 0, 0, missing]), bias = nn.functional.pad(_bias, [0, missing]);
        return nn.functional.conv2d(input, weight, bias, _stride, _padding).narrow(1, 0, _weight.shape[0]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// libtorch 2.10's AVX-512 kernels go wrong where output channels are no multiple of 16: in half precision the result is off by a
    /// third, and in training the gradient of the input is NaN at times, read from past the last channel. Float32 and float64 are right
    /// forward. So there channels of zeros fill up the rest.
    /// </summary>
    private bool NeedsWholeKernels() => _weight.device_type == DeviceType.CPU
        && (_weight.dtype is ScalarType.BFloat16 or ScalarType.Float16 || (_weight.requires_grad && is_grad_enabled()));
}
