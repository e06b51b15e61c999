using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>
/// The ways of a linear map <c>x Wᵀ + b</c>, <c>[..., in] → [..., out]</c>; <see cref="Kernels"/> says which is taken.
/// </summary>
internal static class LinearMap
{
    private static readonly long[] OnePairApart = [1, 2];

    /// <param name="input"><c>[..., in]</c>.</param>
    /// <param name="weight"><c>[out, in]</c>.</param>
    /// <param name="bias"><c>[out]</c>; null: none.</param>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias)
    {
        Kernels kernels = Kernels.For(weight);
        return kernels.ConvolvesLinear(input, weight) ? Convolved(input, weight, bias, kernels.NeedsCompany(input))
            : kernels.MissingRows(input) is > 0 and long missing ? AmongMore(input, weight, bias, missing)
            : nn.functional.linear(input, weight, bias);
    }

    /// <summary>
    /// As a convolution: a row is two pixels of half its values each, and the kernel, as wide as both, steps from row to row. Strides say
    /// that a pixel's values lie side by side, so nothing is copied. (A 1×1 kernel would gain nothing: libtorch sends it to MKL.)
    /// </summary>
    /// <param name="input"><c>[B, T, in]</c>, with an even number of values.</param>
    /// <param name="weight"><c>[out, in]</c>.</param>
    /// <param name="bias"><c>[out]</c>; null: none.</param>
    /// <param name="inCompany">Whether the one sample that there is goes twice.</param>
    public static Tensor Convolved(Tensor input, Tensor weight, Tensor? bias, bool inCompany = false)
    {
        using DisposeScope scope = NewDisposeScope();
        long rows = input.shape[1], half = input.shape[2] / 2, outputs = weight.shape[0];
        Tensor samples = inCompany ? cat([input, input], 0) : input.contiguous();
        Tensor pixels = samples.view(-1, rows, 2, half).permute(0, 3, 1, 2);
        Tensor kernel = weight.view(outputs, 1, 2, half).permute(0, 3, 1, 2);
        Tensor output = nn.functional.conv2d(pixels, kernel, bias, OnePairApart).permute(0, 2, 3, 1).reshape(-1, rows, outputs);
        return (inCompany ? output.narrow(0, 0, 1) : output).MoveToOuterDisposeScope();
    }

    /// <summary>With rows of zeros below, whose results nobody reads.</summary>
    private static Tensor AmongMore(Tensor input, Tensor weight, Tensor? bias, long missing)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = input.reshape(-1, input.shape[^1]);
        Tensor output = nn.functional.linear(nn.functional.pad(rows, [0, 0, 0, missing]), weight, bias);
        return output.narrow(0, 0, rows.shape[0]).view([.. input.shape[..^1], weight.shape[0]]).MoveToOuterDisposeScope();
    }
}
