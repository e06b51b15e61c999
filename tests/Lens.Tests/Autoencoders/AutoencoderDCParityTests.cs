using System.Text.Json;
using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Autoencoders;

public sealed class AutoencoderDCParityTests
{
    public static TheoryData<Agreement> Agreements =>
    [
        new(Reference.Double, ScalarType.Float64, 1e-10),
        new(Reference.Double, ScalarType.Float32, 1e-4),
        new(Reference.Double, ScalarType.BFloat16, 0.1),
    ];

    [Theory]
    [MemberData(nameof(Agreements))]
    public void Images_latents_and_those_of_other_shapes_are_those_of_diffusers(Agreement agreement)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("sana", "vae", agreement.Precision);
        AutoencoderDC autoencoder = Loaded(agreement.DType);
        TensorAssert.Close(autoencoder.Encode(Of("pixels")), expected["latent"], agreement.Relative, "latent");
        foreach (string kind in new[] { "", "wide.", "tiny." })
        {
            TensorAssert.Close(autoencoder.Decode(Of($"{kind}latents")), expected[$"{kind}decoded"], agreement.Relative, $"{kind}decoded");
        }

        Tensor Of(string name) => expected[name].to(agreement.DType);
    }

    [Theory]
    [InlineData("conv", "interpolate", "[2, 1, 1]")]
    [InlineData("pixel_unshuffle", "pixel_shuffle", "[1, 1, 1]")]
    [InlineData("pixel_unshuffle", "pixel_shuffle", "[0, 2, 1]")]
    [InlineData("conv", "interpolate", "[0, 1, 2]")]
    public void Every_way_of_sampling_and_number_of_layers_makes_latents_and_images_of_the_right_shape(
        string down, string up, string layers)
    {
        using DisposeScope scope = NewDisposeScope();
        string text = ConfigText().Replace("\"conv\"", $"\"{down}\"", StringComparison.Ordinal)
            .Replace("\"interpolate\"", $"\"{up}\"", StringComparison.Ordinal);
        text = System.Text.RegularExpressions.Regex.Replace(text, "(coder_layers_per_block\": )\\[[^]]*\\]", $"$1{layers}");
        AutoencoderDC autoencoder = new(Parsed(text), Placement.Default);
        foreach (TorchSharp.Modules.Parameter parameter in autoencoder.parameters())
        {
            parameter.fill_(0.01);
        }

        Tensor latents = autoencoder.Encode(ones(1, 3, 16, 24));
        Assert.Equal([1, 4, 4, 6], latents.shape);
        Assert.Equal([1, 3, 16, 24], autoencoder.Decode(latents).shape);
        string conv = layers.StartsWith("[0", StringComparison.Ordinal) ? "conv_in.conv.weight" : "conv_in.weight";
        Assert.Contains(autoencoder.named_parameters(), parameter => parameter.name == $"encoder.{conv}");
    }

    [Theory]
    [InlineData("\"rms_norm\"", "\"batch_norm\"", "decoder_norm_types has 'batch_norm'")]
    [InlineData("\"EfficientViTBlock\"", "\"ViTBlock\"", "has 'ViTBlock'")]
    [InlineData("\"decoder_conv_act_fn\": \"relu\"", "\"decoder_conv_act_fn\": \"silu\"", "decoder_conv_act_fn")]
    [InlineData("\"attention_head_dim\": ", "\"attention_head_dim\": 9", "cannot have a head of it")]
    [InlineData("\"encoder_layers_per_block\": [\n    1,", "\"encoder_layers_per_block\": [", "must be as long as each other")]
    public void What_a_config_asks_for_that_is_not_supported_is_named(string right, string wrong, string error)
    {
        string text = ConfigText();
        Assert.Contains(right, text, StringComparison.Ordinal);
        BadInputException refused = Assert.Throws<BadInputException>(() => Parsed(text.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    private static string ConfigText() => File.ReadAllText(Path.Combine(Reference.PathOf("sana", "vae"), "config.json"));

    private static AutoencoderDCConfig Parsed(string json)
        => AutoencoderDCConfig.Parse(JsonSerializer.Deserialize<JsonElement>(json), "config.json");

    private static AutoencoderDC Loaded(ScalarType dtype)
    {
        string folder = Reference.PathOf("sana", "vae"), path = Path.Combine(folder, "config.json");
        AutoencoderDC autoencoder = new(AutoencoderDCConfig.Parse(ConfigFile.ReadObject(path), path), new Placement(dtype, CPU));
        using WeightFiles weights = WeightFiles.Open(folder);
        weights.LoadInto(autoencoder);
        return autoencoder;
    }
}
