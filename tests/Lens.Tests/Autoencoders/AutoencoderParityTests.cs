using DiffusionLens.Autoencoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Autoencoders;

public sealed class AutoencoderParityTests
{
    [Theory]
    [MemberData(nameof(Agreement.Cases), MemberType = typeof(Agreement))]
    [MemberData(nameof(Agreement.XL), MemberType = typeof(Agreement))]
    [MemberData(nameof(Agreement.Flows), MemberType = typeof(Agreement))]
    [MemberData(nameof(Agreement.PixArt), MemberType = typeof(Agreement))]
    public void Latents_and_images_are_those_of_diffusers(string pipeline, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "vae", agreement.Precision);
        AutoencoderKL vae = Reference.Autoencoder(pipeline, agreement.DType);
        DiagonalGaussian latents = vae.Encode(expected["pixels"].to_type(agreement.DType));
        TensorAssert.Close(latents.Mean, expected["mean"], agreement.Relative, "mean");
        TensorAssert.Close(latents.LogVariance, expected["logvar"], agreement.Relative, "logvar");
        foreach (string shape in new[] { "", "wide." })
        {
            Tensor decoded = vae.Decode(expected[$"{shape}latents"].to_type(agreement.DType));
            Assert.Equal(agreement.DType, decoded.dtype);
            TensorAssert.Close(decoded, expected[$"{shape}decoded"], agreement.Relative, $"{shape}decoded");
        }
    }

    [Fact]
    public void A_config_without_a_scaling_factor_means_that_of_SD_1() =>
        Assert.Equal(0.18215, Reference.Autoencoder("sd1", ScalarType.Float32).Config.ScalingFactor);
}
