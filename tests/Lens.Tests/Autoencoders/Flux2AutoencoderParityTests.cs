using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Autoencoders;

/// <summary>FLUX.2's autoencoder, and Z-Image's, which is FLUX.1's.</summary>
public sealed class Flux2AutoencoderParityTests
{
    [Theory]
    [InlineData("klein", ScalarType.Float64, 1e-10)]
    [InlineData("klein", ScalarType.Float32, 1e-4)]
    [InlineData("zimage", ScalarType.Float64, 1e-10)]
    [InlineData("zimage", ScalarType.Float32, 1e-4)]
    public void Both_halves_agree_with_diffusers(string model, ScalarType dtype, double relative)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(model, "vae");
        AutoencoderKL autoencoder = model == "klein" ? Flux2(dtype) : Reference.Autoencoder(model, dtype);
        DiagonalGaussian encoded = autoencoder.Encode(expected["pixels"].to(dtype));
        TensorAssert.Close(encoded.Mean, expected["mean"], relative, "mean");
        TensorAssert.Close(encoded.LogVariance, expected["logvar"], relative, "logvar");
        TensorAssert.Close(autoencoder.Decode(expected["latents"].to(dtype)), expected["decoded"], relative, "decoded");
        TensorAssert.Close(autoencoder.Decode(expected["wide.latents"].to(dtype)), expected["wide.decoded"], relative, "wide");
    }

    [Fact]
    public void The_way_from_latents_to_an_image_and_back_agrees_step_by_step()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("klein", "vae_chain");
        AutoencoderKLFlux2 autoencoder = Flux2(ScalarType.Float64);
        Tensor latents = autoencoder.FromDenoiser(expected["chain.unpacked"]), decoded = autoencoder.Decode(latents);
        TensorAssert.Close(latents, expected["chain.unpatchified"], 1e-10, "unpatchified");
        TensorAssert.Close(decoded, expected["chain.decoded"], 1e-10, "decoded");
        TensorAssert.Close(decoded.Times(0.5).Plus(0.5).ClampTo(0, 1), expected["chain.image"], 1e-10, "image");

        Tensor mode = autoencoder.Encode(expected["encode.pixels"]).Mean;
        TensorAssert.Close(mode, expected["encode.mode"], 1e-10, "mode");
        TensorAssert.Close(autoencoder.ToDenoiser(mode), expected["encode.normalized"], 1e-10, "normalized");
        TensorAssert.Close(autoencoder.ToDenoiser(latents), expected["chain.unpacked"], 1e-10, "back");
    }

    [Fact]
    public void A_decoder_may_have_widths_of_its_own()
    {
        using DisposeScope scope = NewDisposeScope();
        string text = File.ReadAllText(ConfigPath).Replace(
            "\"decoder_block_out_channels\": null", "\"decoder_block_out_channels\": [4, 12]", StringComparison.Ordinal);
        AutoencoderKLFlux2Config config = Parsed(text);
        Dictionary<string, long[]> shapes = new AutoencoderKLFlux2(config, Placement.Meta).named_parameters()
            .ToDictionary(named => named.name, named => named.parameter.shape);
        Assert.Equal([12, 4, 3, 3], shapes["decoder.conv_in.weight"]);
        Assert.Equal([4], shapes["decoder.conv_norm_out.weight"]);
        Assert.Equal([16], shapes["encoder.conv_norm_out.weight"]);
    }

    [Fact]
    public void Other_patches_are_refused()
        => Assert.Contains(
            "patch_size",
            Assert.Throws<BadInputException>(() => Parsed("""{"patch_size": [1, 1]}""")).Message,
            StringComparison.Ordinal);

    private static string ConfigPath => Path.Combine(Reference.PathOf("klein", "vae"), "config.json");

    private static AutoencoderKLFlux2Config Parsed(string text)
        => AutoencoderKLFlux2Config.Parse(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(text), "config.json");

    private static AutoencoderKLFlux2 Flux2(ScalarType dtype)
    {
        AutoencoderKLFlux2 model = new(Parsed(File.ReadAllText(ConfigPath)), new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(Reference.PathOf("klein", "vae"));
        weights.LoadInto(model);
        return model;
    }
}
