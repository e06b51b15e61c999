using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Conv2d = DiffusionLens.Layers.Conv2d;

namespace DiffusionLens.Tests.Layers;

public class Conv2dTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(16)]
    public void A_bfloat16_convolution_agrees_with_float64_to_its_precision_whatever_the_channels(int outputs)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using Conv2d half = Filled(outputs, ScalarType.BFloat16), exact = Filled(outputs, ScalarType.Float64);
        Tensor input = Draw(8, 16, 32, 32).to(ScalarType.BFloat16);

        Tensor difference = half.forward(input).to(ScalarType.Float64).sub(exact.forward(input.to(ScalarType.Float64))).abs();

        Assert.True(difference.mean().ToDouble() < 0.01, $"mean difference {difference.mean().ToDouble()}");
    }

    [Fact]
    public void The_gradient_of_the_input_is_the_same_in_float32_and_float64_for_three_output_channels()
    {
        using DisposeScope scope = NewDisposeScope();
        using Conv2d single = Filled(3, ScalarType.Float32, training: true), exact = Filled(3, ScalarType.Float64, training: true);
        for (int i = 0; i < 10; i++)
        {
            full([8, 16, 64, 64], float.NaN).Dispose();
            Tensor fromSingle = Gradient(single, ScalarType.Float32), fromDouble = Gradient(exact, ScalarType.Float64);
            Assert.True(fromSingle.to(ScalarType.Float64).sub(fromDouble).abs().max().ToDouble() < 1e-4);
        }

        static Tensor Gradient(Conv2d layer, ScalarType dtype)
        {
            Tensor input = Draw(8, 16, 64, 64).to(dtype).requires_grad_(true);
            layer.forward(input).Squared().mean().backward();
            return input.grad!;
        }
    }

    [Fact]
    public void A_layer_built_inside_a_dispose_scope_outlives_it()
    {
        Conv2d layer;
        using (NewDisposeScope())
        {
            layer = Filled(16, ScalarType.Float32);
        }

        using Tensor input = Draw(1, 16, 8, 8), output = layer.forward(input);
        Assert.Equal([1, 16, 8, 8], output.shape);
        layer.Dispose();
    }

    private static Conv2d Filled(int outputs, ScalarType dtype, bool training = false)
    {
        Conv2d layer = new(16, outputs, 3, new Placement(dtype, CPU), padding: 1);
        using IDisposable noGradient = no_grad();
        foreach (Parameter parameter in layer.parameters())
        {
            using Tensor values = Draw(parameter.shape).Times(0.1).to(ScalarType.BFloat16);
            parameter.copy_(values);
            parameter.requires_grad = training;
        }

        return layer;
    }

    private static Tensor Draw(params long[] shape)
    {
        using Generator generator = new(3, CPU);
        return randn(shape, generator: generator);
    }
}
