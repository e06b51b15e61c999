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
    private readonly Parameter? _bias;
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly int _groups;

    public Conv2d(
        long inputs, long outputs, int kernel, Placement placement, int stride = 1, int padding = 0, int groups = 1, bool bias = true)
        : base(nameof(Conv2d))
    {
        _weight = this.AddParameter("weight", placement, outputs, inputs / groups, kernel, kernel);
        _bias = bias ? this.AddParameter("bias", placement, outputs) : null;
        _stride = [stride, stride];
        _padding = [padding, padding];
        _groups = groups;
    }

    public override Tensor forward(Tensor input)
        => _groups == 1 ? Convolved(input, _weight, _bias, _stride, _padding) : InGroups(input);

    /// <summary>The same with any kernels.</summary>
    /// <param name="input"><c>[B, in, H, W]</c>.</param>
    /// <param name="weight"><c>[out, in, k, k]</c>.</param>
    /// <param name="bias"><c>[out]</c>; null: none.</param>
    /// <param name="stride">Down, then along.</param>
    /// <param name="padding">Likewise.</param>
    public static Tensor Convolved(Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding)
    {
        long missing = Missing(weight);
        if (missing == 0)
        {
            return Kernels.For(weight).NeedsCompany(input)
                ? InCompany(input, weight, bias, stride, padding)
                : nn.functional.conv2d(input, weight, bias, stride, padding);
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor filled = nn.functional.pad(weight, [0, 0, 0, 0, 0, 0, 0, missing]);
        Tensor? filledBias = bias is null ? null : nn.functional.pad(bias, [0, missing]);
        return nn.functional.conv2d(input, filled, filledBias, stride, padding).narrow(1, 0, weight.shape[0]).MoveToOuterDisposeScope();
    }

    /// <summary>The one sample twice.</summary>
    private static Tensor InCompany(Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor both = cat([input, input], 0);
        return nn.functional.conv2d(both, weight, bias, stride, padding).narrow(0, 0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Groups cannot be filled up; where they would have to be, half precision is left for float32.</summary>
    private Tensor InGroups(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        ScalarType type = Missing(_weight) > 0 && _weight.dtype != ScalarType.Float64 ? ScalarType.Float32 : _weight.dtype;
        return nn.functional.conv2d(input.to(type), _weight.to(type), _bias?.to(type), _stride, _padding, groups: _groups)
            .to(input.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>How many output channels lack to whole kernels, where that matters.</summary>
    private static long Missing(Tensor weight)
        => NeedsWholeKernels(weight) ? (KernelWidth - (weight.shape[0] % KernelWidth)) % KernelWidth : 0;

    /// <summary>
    /// libtorch 2.10's AVX-512 kernels go wrong where output channels are no multiple of 16: in half precision the result is off by a
    /// third, and in training the gradient of the input is NaN at times, read from past the last channel. Float32 and float64 are right
    /// forward. So there channels of zeros fill up the rest.
    /// </summary>
    private static bool NeedsWholeKernels(Tensor weight) => weight.device_type == DeviceType.CPU
        && (weight.dtype is ScalarType.BFloat16 or ScalarType.Float16 || (weight.requires_grad && is_grad_enabled()));
}
