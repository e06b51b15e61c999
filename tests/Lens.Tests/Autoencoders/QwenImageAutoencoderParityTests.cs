using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Autoencoders;

/// <summary>Qwen-Image's autoencoder of videos, with one frame.</summary>
public sealed class QwenImageAutoencoderParityTests
{
    public static TheoryData<string, Agreement> Cases
    {
        get
        {
            TheoryData<string, Agreement> cases = [];
            foreach (string prefix in new[] { "", "wide." })
            {
                cases.Add(prefix, new(Reference.Double, ScalarType.Float64, 1e-12));
                cases.Add(prefix, new(Reference.AsTheyAre, ScalarType.Float64, 1e-6));
                cases.Add(prefix, new(Reference.AsTheyAre, ScalarType.Float32, 1e-4));
                cases.Add(prefix, new(Reference.AsTheyAre, ScalarType.BFloat16, 0.1));
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_halves_agree_with_diffusers_and_what_is_decoded_is_clamped(string prefix, Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> inputs = Reference.Load("qwen_image", "vae");
        Dictionary<string, Tensor> expected = Reference.Load("qwen_image", "vae", agreement.Precision);
        AutoencoderKLQwenImage autoencoder = Autoencoder(agreement.DType);
        DiagonalGaussian encoded = autoencoder.Encode(inputs[$"{prefix}pixels"].to(agreement.DType));
        TensorAssert.Close(encoded.Mean, inputs[$"{prefix}mean"], agreement.Relative, "mean");
        TensorAssert.Close(encoded.LogVariance, inputs[$"{prefix}logvar"], agreement.Relative, "logvar");
        Tensor latents = expected[$"{prefix}latents"].to(agreement.DType), unclamped = expected[$"{prefix}unclamped"];
        TensorAssert.Close(autoencoder.Decoded(latents), unclamped, agreement.Relative, "unclamped");
        Assert.True(unclamped.abs().max().ToDouble() > 1);
        TensorAssert.Close(autoencoder.Decode(latents), unclamped.ClampTo(-1, 1), 2 * agreement.Relative, "decoded");
    }

    [Fact]
    public void The_way_from_latents_to_an_image_and_back_agrees_step_by_step()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("qwen_image", "vae_chain");
        AutoencoderKLQwenImage autoencoder = Autoencoder(ScalarType.Float64);
        TensorAssert.Close(
            PackedLatents.Back(expected["chain.packed"], 4, 4), expected["chain.unpacked"], 0, "unpacked");
        Tensor latents = autoencoder.FromDenoiser(expected["chain.unpacked"]), decoded = autoencoder.Decode(latents);
        TensorAssert.Close(latents, expected["chain.denormalized"], 1e-6, "denormalized");
        TensorAssert.Close(decoded, expected["chain.decoded"], 1e-6, "decoded");
        TensorAssert.Close(decoded.Times(0.5).Plus(0.5).ClampTo(0, 1), expected["chain.image"], 1e-6, "image");

        Tensor mode = autoencoder.Encode(expected["encode.pixels"]).Mean;
        TensorAssert.Close(mode, expected["encode.mode"], 1e-10, "mode");
        TensorAssert.Close(autoencoder.ToDenoiser(mode), expected["encode.normalized"], 1e-6, "normalized");
        TensorAssert.Close(autoencoder.ToDenoiser(latents), expected["chain.unpacked"], 1e-10, "back");
    }

    [Fact]
    public void Only_the_last_slice_in_time_of_a_kernel_counts()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("qwen_image", "vae", Reference.Double);
        AutoencoderKLQwenImage autoencoder = Autoencoder(ScalarType.Float64);
        foreach ((string name, TorchSharp.Modules.Parameter weight) in autoencoder.named_parameters())
        {
            if (weight.shape is [_, _, 3, 3, 3])
            {
                using IDisposable noGradients = no_grad();
                using Scalar seven = 7;
                weight.narrow(2, 0, 2).fill_(seven);
            }
        }

        TensorAssert.Close(autoencoder.Decoded(expected["latents"]), expected["unclamped"], 1e-12);
    }

    [Fact]
    public void What_a_config_leaves_out_is_as_published()
    {
        AutoencoderKLQwenImageConfig config = Parsed("{}");
        Assert.Equal([96, 192, 384, 384], config.Widths);
        Assert.Equal((16, 8, 2), (config.LatentMeans.Count, config.PixelsPerLatent, config.LayersPerLevel));
    }

    [Theory]
    [InlineData("\"attn_scales\": []", "\"attn_scales\": [1.0]", "attn_scales is not empty")]
    [InlineData("\"z_dim\": 4", "\"z_dim\": 5", "latents_mean has 4 numbers; it must have one for each of the 5 channels")]
    [InlineData("    1,\n    2,\n    2", "    1,\n    2", "temperal_downsample has 2 entries and dim_mult is [1, 2]")]
    [InlineData("    false,\n    true", "    0,\n    1", "temperal_downsample must be a list of true and false")]
    public void What_a_config_asks_for_that_is_not_supported_is_named(string right, string wrong, string error)
    {
        string text = File.ReadAllText(ConfigPath);
        Assert.Contains(right, text, StringComparison.Ordinal);
        BadInputException refused = Assert.Throws<BadInputException>(() => Parsed(text.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    private static string ConfigPath => Path.Combine(Reference.PathOf("qwen_image", "vae"), "config.json");

    private static AutoencoderKLQwenImageConfig Parsed(string text) => AutoencoderKLQwenImageConfig.Parse(
        System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(text), "config.json");

    private static AutoencoderKLQwenImage Autoencoder(ScalarType dtype)
    {
        AutoencoderKLQwenImage model = new(Parsed(File.ReadAllText(ConfigPath)), new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(Reference.PathOf("qwen_image", "vae"));
        weights.LoadInto(model);
        return model;
    }
}
