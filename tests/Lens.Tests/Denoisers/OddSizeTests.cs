using DiffusionLens.Denoisers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Denoisers;

/// <summary>Sizes that a UNet cannot halve: diffusers takes every multiple of the autoencoder's factor.</summary>
public sealed class OddSizeTests
{
    private const double Timestep = 321, Tolerance = 1e-6;

    private readonly SafetensorsFile _weights =
        SafetensorsFile.Open(Reference.PathOf("sd1", "unet", "diffusion_pytorch_model.safetensors"));

    [Fact]
    public void The_plain_computation_is_that_of_diffusers_where_there_is_a_reference()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("sd1", "unet", Reference.Double);
        PlainUNet plain = new(_weights, ScalarType.Float64);
        TensorAssert.Close(
            plain.Forward(expected["t321.sample"], Timestep, expected["encoder_hidden_states"]), expected["t321.output"], Tolerance);
    }

    [Theory]
    [InlineData(9, 9)]
    [InlineData(9, 16)]
    [InlineData(16, 11)]
    [InlineData(1, 3)]
    public void Outputs_of_odd_sizes_are_those_of_a_plain_computation(long height, long width)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor text = Reference.Load("sd1", "unet", Reference.Double)["encoder_hidden_states"];
        Tensor sample = DiffusionLens.Runtime.Noise.Normal(5, 2, 4, height, width).to_type(ScalarType.Float64);
        UNet2DConditionModel unet = Reference.UNet("sd1", ScalarType.Float64);

        Tensor output = unet.forward(sample, tensor(Timestep), unet.ProjectText(text));

        TensorAssert.Close(output, new PlainUNet(_weights, ScalarType.Float64).Forward(sample, Timestep, text), Tolerance);
    }
}
