using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests;

internal static class TensorAssert
{
    /// <summary>Same shape, and nowhere further apart than <paramref name="relative"/> times the largest magnitude expected.</summary>
    public static void Close(Tensor actual, Tensor expected, double relative = 1e-6, string what = "tensor")
    {
        Assert.Equal(expected.shape, actual.shape);
        double error = RelativeError(actual, expected);
        Assert.True(error <= relative, $"{what} is off by {error:g3} of its largest magnitude; {relative:g3} is allowed");
    }

    /// <summary>Largest difference relative to the largest magnitude expected; NaN where either has one.</summary>
    public static double RelativeError(Tensor actual, Tensor expected)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor wanted = expected.to_type(ScalarType.Float64);
        double difference = actual.to_type(ScalarType.Float64).sub(wanted).abs().max().ToDouble();
        return difference / wanted.abs().max().ToDouble();
    }
}
