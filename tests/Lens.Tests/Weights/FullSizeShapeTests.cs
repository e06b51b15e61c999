using System.Text.Json;
using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Weights;

/// <summary>Networks built from published configs on the meta device, against the names and shapes in published checkpoints.</summary>
public sealed class FullSizeShapeTests
{
    [Theory]
    [InlineData("sd15")]
    [InlineData("sd21")]
    [InlineData("sdxl")]
    [InlineData("if_I_M")]
    [InlineData("if_I_XL")]
    [InlineData("if_II_L")]
    public void UNets_have_the_published_tensors(string model) =>
        AssertSameTensors(model, "unet", (json, path) => new UNet2DConditionModel(UNet2DConditionConfig.Parse(json, path), Placement.Meta));

    [Theory]
    [InlineData("sd15")]
    [InlineData("sd21")]
    [InlineData("sdxl")]
    public void Text_encoders_have_the_published_tensors(string model) =>
        AssertSameTensors(model, "text_encoder", (json, path) => new ClipTextModel(ClipTextConfig.Parse(json, path), Placement.Meta));

    [Fact]
    public void The_second_text_encoder_of_SDXL_has_the_published_tensors() => AssertSameTensors(
        "sdxl", "text_encoder_2", (json, path) => new ClipTextModel(ClipTextConfig.Parse(json, path), Placement.Meta, hasProjection: true));

    [Fact]
    public void T5_XXL_has_the_published_tensors() =>
        AssertSameTensors("t5_xxl", "text_encoder", (json, path) => new T5EncoderModel(T5Config.Parse(json, path), Placement.Meta));

    [Theory]
    [InlineData("sd3_medium")]
    [InlineData("sd35_medium")]
    [InlineData("sd35_large")]
    public void Transformers_of_SD_3_have_the_published_tensors(string model) => AssertSameTensors(
        model, "transformer", (json, path) => new SD3Transformer2DModel(SD3TransformerConfig.Parse(json, path), Placement.Meta));

    [Theory]
    [InlineData("flux_dev")]
    [InlineData("flux_schnell")]
    public void Transformers_of_FLUX_have_the_published_tensors(string model) => AssertSameTensors(
        model, "transformer", (json, path) => new FluxTransformer2DModel(FluxTransformerConfig.Parse(json, path), Placement.Meta));

    [Theory]
    [InlineData("pixart_sigma_xl2_1024")]
    [InlineData("pixart_alpha_xl2_1024")]
    public void Transformers_of_PixArt_have_the_published_tensors(string model) => AssertSameTensors(
        model, "transformer", (json, path) => new PixArtTransformer2DModel(PixArtTransformerConfig.Parse(json, path), Placement.Meta));

    [Theory]
    [InlineData("sd15")]
    [InlineData("sd21")]
    [InlineData("sdxl")]
    [InlineData("sd3_medium")]
    [InlineData("flux")]
    public void Autoencoders_have_the_published_tensors(string model) =>
        AssertSameTensors(model, "vae", (json, path) => new AutoencoderKL(AutoencoderKLConfig.Parse(json, path), Placement.Meta));

    [Fact]
    public void Qwen_Image_has_the_published_tensors_but_for_those_that_read_images_or_join_frames()
    {
        AssertSameTensors(
            "qwen_image",
            "transformer",
            (json, path) => new QwenImageTransformer2DModel(QwenImageTransformerConfig.Parse(json, path), Placement.Meta));
        AssertSameTensors(
            "qwen_image",
            "vae",
            (json, path) => new AutoencoderKLQwenImage(AutoencoderKLQwenImageConfig.Parse(json, path), Placement.Meta),
            name => name.Contains(".time_conv.", StringComparison.Ordinal));
        AssertSameTensors(
            "qwen25_vl_7b",
            "text_encoder",
            (json, path) => Whole(Qwen25VLConfig.Parse(json, path)),
            name => name == "lm_head.weight" || name.StartsWith("visual.", StringComparison.Ordinal));

        static Qwen3Model Whole(Qwen3Config config) => new(config, config.LayerCount, Placement.Meta);
    }

    [Fact]
    public void Gemma_2_has_the_published_tensors() => AssertSameTensors(
        "gemma2_2b", "text_encoder", (json, path) => new Gemma2Model(Gemma2Config.Parse(json, path), softCaps: false, Placement.Meta));

    [Theory]
    [InlineData("sana_1600m_1024")]
    [InlineData("sana15_1600m_1024")]
    public void Transformers_of_SANA_have_the_published_tensors(string model) => AssertSameTensors(
        model, "transformer", (json, path) => new SanaTransformer2DModel(SanaTransformerConfig.Parse(json, path), Placement.Meta));

    [Fact]
    public void The_autoencoder_of_SANA_has_the_published_tensors() =>
        AssertSameTensors("sana", "vae", (json, path) => new AutoencoderDC(AutoencoderDCConfig.Parse(json, path), Placement.Meta));

    [Theory]
    [InlineData("sd15")]
    [InlineData("sd21")]
    [InlineData("sdxl")]
    public void Every_old_name_of_a_published_file_is_known(string model)
    {
        JsonElement info = ConfigFile.ReadObject(Reference.PathOf("shapes", model, "vae", "info.json"));
        JsonProperty[] renamed = [.. info.GetProperty("old_names").EnumerateObject()];
        Assert.NotEmpty(renamed);
        Assert.All(renamed, name => Assert.Equal(name.Value.GetString(), CheckpointKeys.Today(name.Name)));
    }

    /// <summary>Both the config as published, which leaves out what was default then, and the one with every field.</summary>
    private static void AssertSameTensors(
        string model, string part, Func<JsonElement, string, nn.Module> build, Predicate<string>? leftOut = null)
    {
        JsonProperty[] all = [.. ConfigFile.ReadObject(Reference.PathOf("shapes", model, part, "shapes.json")).EnumerateObject()];
        string[] published = [.. all.Where(tensor => leftOut?.Invoke(tensor.Name) != true)
            .Select(tensor => $"{CheckpointKeys.Today(tensor.Name)} [{string.Join(", ", tensor.Value.EnumerateArray())}]")
            .Order(StringComparer.Ordinal)];
        foreach (string config in new[] { "config.json", "config.full.json" })
        {
            using DisposeScope scope = NewDisposeScope();
            string path = Reference.PathOf("shapes", model, part, config);
            nn.Module network = build(ConfigFile.ReadObject(path), path);
            string[] ours = [.. network.named_parameters()
                .Select(tensor => $"{tensor.name} [{string.Join(", ", tensor.parameter.shape)}]").Order(StringComparer.Ordinal)];
            Assert.Equal(published, ours);
            Assert.All(
                all.Where(tensor => leftOut?.Invoke(tensor.Name) == true),
                tensor => Assert.True(((IPartlyLoaded)network).LeavesOut(tensor.Name)));
        }
    }
}
