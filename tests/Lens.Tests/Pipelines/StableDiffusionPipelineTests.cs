using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

public sealed class StableDiffusionPipelineTests
{
    [Fact]
    public void A_seed_starts_from_the_noise_of_a_diffusers_script()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("sd1", "images.dpmsolver++");
        foreach (ulong seed in new ulong[] { 0, 1 })
        {
            TensorAssert.Close(
                SmallModel.Load("sd1", ScalarType.Float32).InitialNoise(seed, new SamplerSettings()), expected[$"init.seed{seed}"], 1e-6);
        }
    }

    [Fact]
    public void Noise_on_a_grid_has_no_last_bits()
    {
        using DisposeScope scope = NewDisposeScope();
        TextToImageModel model = SmallModel.Load("sd1", ScalarType.Float32);
        float[] drawn = [.. model.InitialNoise(3, new SamplerSettings()).data<float>()],
            rounded = [.. model.InitialNoise(3, new SamplerSettings { NoiseGrid = 0.125 }).data<float>()];
        Assert.Equal(drawn.Select(value => MathF.Round(value * 8) / 8), rounded);
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, 0.1)]
    [InlineData(ScalarType.Float16, 0.01)]
    public void Half_precision_gives_the_same_image_roughly(ScalarType dtype, double meanDifference)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor half = Image(dtype), single = Image(ScalarType.Float32);
        Assert.Equal(dtype, half.dtype);
        Assert.InRange(half.to(ScalarType.Float32).sub(single).abs().mean().item<float>(), 1e-6, meanDifference);

        static Tensor Image(ScalarType dtype)
        {
            Lens lens = new(SmallModel.Load("sd2", dtype));
            using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
            return lens.Images(encoding, [new(4)], [0], new SamplerSettings { Steps = 6 })[0].Pixels;
        }
    }

    [Fact]
    public void Images_can_be_of_another_size_and_shape()
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd2", ScalarType.Float32));
        using PromptEncoding encoding = lens.Encode("a dog");
        LensImage image = lens.Images(encoding, [new(4)], [0], new SamplerSettings { Steps = 1, Height = 24, Width = 40 })[0];
        Assert.Equal([3, 24, 40], image.Pixels.shape);
        Assert.Equal([4, 12, 20], image.Latents.shape);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Guidance_of_1_and_less_is_none_as_in_diffusers(double guidance)
    {
        using DisposeScope scope = NewDisposeScope();
        Lens lens = new(SmallModel.Load("sd1", ScalarType.Float32));
        using PromptEncoding encoding = lens.Encode("a dog", "a cat"), other = lens.Encode("a dog", "a blue star");
        SamplerSettings settings = new() { Steps = 2, Guidance = guidance };

        Tensor image = Image(encoding, settings);

        Assert.True(image.equal(Image(encoding, settings with { Guidance = 1 })).all().item<bool>());
        Assert.True(image.equal(Image(other, settings)).all().item<bool>());
        Assert.False(image.equal(Image(encoding, settings with { Guidance = 1.5 })).all().item<bool>());

        Tensor Image(PromptEncoding prompt, SamplerSettings how) => lens.Images(prompt, [new(5)], [0], how)[0].Latents;
    }

    [Theory]
    [InlineData(21, null, "height is 21; this model makes images whose sides are multiples of 2")]
    [InlineData(0, null, "height is 0")]
    [InlineData(null, 31, "width is 31")]
    public void A_size_that_is_no_multiple_of_the_autoencoders_factor_is_refused(int? height, int? width, string error)
        => Assert.StartsWith(error, Assert.Throws<BadInputException>(
            () => SmallModel.Load("sd2", ScalarType.Float32).Calls(1, new SamplerSettings { Height = height, Width = width })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Batches_shrink_as_images_grow_and_of_small_ones_no_more_go_together_than_are_fast()
    {
        TextToImageModel model = SmallModel.Load("sd1", ScalarType.Float32);
        int large = AtOnce(512);
        Assert.Equal(64, AtOnce(32));
        Assert.InRange(large, 4, 63);
        Assert.Equal(large / 4, AtOnce(1024));
        Assert.Equal(Math.Max(1, large / 16), AtOnce(2048));

        int AtOnce(int side) => model.BatchSize(new SamplerSettings { Height = side, Width = side });
    }

    [Theory]
    [InlineData("sd1", "ddim", 5)]
    [InlineData("sd1", "pndm", 6)]
    [InlineData("sd2", "pndm", 6)]
    [InlineData("sd2", null, 5)]
    public void Pndm_makes_one_call_more_than_steps_whatever_sampler_the_model_was_saved_with(string pipeline, string? sampler, int calls)
        => Assert.Equal(
            calls, SmallModel.Load(pipeline, ScalarType.Float32).Calls(1, new SamplerSettings { Scheduler = sampler, Steps = 5 }));

    [Theory]
    [InlineData(
        "model_index.json",
        "_class_name",
        "\"StableDiffusionInpaintPipeline\"",
        "is a StableDiffusionInpaintPipeline; supported: StableDiffusionPipeline")]
    [InlineData("model_index.json", "vae", "[\"diffusers\", \"AutoencoderTiny\"]", "vae is a AutoencoderTiny; supported: AutoencoderKL")]
    [InlineData("model_index.json", "unet", "[null, null]", "names no \"unet\"")]
    [InlineData("unet/config.json", "in_channels", "9", "the unet reads 9 and writes 4 channels, the vae has 4")]
    [InlineData("text_encoder/config.json", "hidden_size", "64", "the unet reads text of width 32, the text encoder writes 64")]
    [InlineData("text_encoder/config.json", "vocab_size", "10", "the text encoder rows for 10")]
    public void A_folder_that_is_no_stable_diffusion_is_refused_with_the_reason(string file, string key, string value, string error)
    {
        using TemporaryFolder folder = new();
        foreach (string source in Directory.EnumerateFiles(Reference.PathOf("sd1"), "*", SearchOption.AllDirectories)
            .Where(path => !path.Contains("expected", StringComparison.Ordinal)))
        {
            string target = Path.Combine(folder.Path, Path.GetRelativePath(Reference.PathOf("sd1"), source));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
        }

        string changed = Path.Combine(folder.Path, file);
        JsonObject config = JsonSerializer.Deserialize<JsonObject>(File.ReadAllText(changed))!;
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(changed, config.ToJsonString());
        BadInputException refusal = Assert.Throws<BadInputException>(() => TextToImageModel.Load(folder.Path));
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
    }
}
