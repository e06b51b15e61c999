using System.Text.Json;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>Z-Image's lens images by layer, and its own, against diffusers' pipeline with that conditioning.</summary>
public sealed class ZImageParityTests : IDisposable
{
    private const double Tolerance = 1e-9;

    private readonly TemporaryFolder _folder = SmallQwen.Copy("zimage");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    public void Conditionings_latents_and_images_of_a_layer_are_those_of_diffusers(int layer, int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwen.Load("zimage");
        Dictionary<string, Tensor> expected = Reference.Load("zimage", "lens", Reference.Double);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite site = new(layer);
        LensImage made = Assert.Single(lens.Images(encoding, [site], [(ulong)seed], SmallQwen.Settings("zimage")));
        Tensor joined = model.Join(lens.Conditioning(encoding, site));
        TensorAssert.Close(joined.squeeze(0), Reference.Load("zimage", "lens")[$"layer{layer}.prompt_embeds"], 2e-6, "states");
        TensorAssert.Close(made.Latents.unsqueeze(0), expected[$"layer{layer}.seed{seed}.latents"], Tolerance, "latents");
        SmallQwen.AssertImage(made, expected[$"layer{layer}.seed{seed}.image"], Tolerance);
        TensorAssert.Close(model.InitialNoise((ulong)seed, SmallQwen.Settings("zimage")), expected[$"init.seed{seed}"], 1e-6, "noise");
    }

    [Theory]
    [InlineData("native")]
    [InlineData("normalized")]
    [InlineData("truncated")]
    [InlineData("no_guidance")]
    [InlineData("turbo")]
    [InlineData("negative")]
    [InlineData("long")]
    [InlineData("wide")]
    public void Its_own_images_are_those_of_diffusers(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("zimage", "images", Reference.Double);
        using TextToImageModel model = SmallQwen.Load("zimage");
        SamplerSettings settings = SmallQwen.Settings("zimage");
        settings = name switch
        {
            "normalized" => settings with { GuidanceNormalization = 1 },
            "truncated" => settings with { GuidanceTruncation = 0.3 },
            "no_guidance" => settings with { Guidance = 0 },
            "turbo" => settings with { Guidance = 0, Steps = 8 },
            "wide" => settings with { Height = 16, Width = 48 },
            _ => settings,
        };
        (string prompt, string negative) = (name == "long" ? Prompts[2] : SmallModel.Prompt, name == "negative" ? NegativeOf(name) : "");
        LensImage made = Own(model, settings, prompt, negative, seed: name == "wide" ? 2UL : 0);
        Tensor latents = name == "native" ? expected["native.trajectory"][-1].unsqueeze(0) : expected[$"{name}.latents"];
        TensorAssert.Close(made.Latents.unsqueeze(0), latents, Tolerance, "latents");
        SmallQwen.AssertImage(made, expected[$"{name}.image"], Tolerance);
    }

    [Fact]
    public void In_float32_its_image_is_that_of_diffusers_to_a_few_ten_thousandths()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwen.Load("zimage", ScalarType.Float32);
        LensImage made = Own(model, SmallQwen.Settings("zimage"), SmallModel.Prompt, "");
        SmallQwen.AssertImage(made, Reference.Load("zimage", "images", Reference.Double)["native.image"], 2e-4);
    }

    [Fact]
    public void Prompts_of_different_lengths_may_be_made_together()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load("zimage", "images", Reference.Double);
        using TextToImageModel model = SmallQwen.Load("zimage");
        Lens lens = new(model);
        using PromptEncoding first = lens.Encode(SmallModel.Prompt), second = lens.Encode(Prompts[2]);
        LensSite own = new(model.LayerCount);
        IReadOnlyList<LensImage> made = lens.Images(
            [
                new PromptBatch(first, [new ImageKey(first.Prompt, own, 0), new ImageKey(first.Prompt, own, 1)]),
                new PromptBatch(second, [new ImageKey(second.Prompt, own, 0)]),
            ],
            SmallQwen.Settings("zimage"));
        SmallQwen.AssertImage(made[0], expected["native.image"], Tolerance);
        SmallQwen.AssertImage(made[2], expected["long.image"], Tolerance);
    }

    [Fact]
    public void The_length_that_is_read_changes_no_image_of_a_prompt_that_fits_and_padding_is_not_encoded()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(_folder.Path, new LoadOptions(ScalarType.Float64));
        EncoderStates states = Assert.Single(model.Encode(SmallModel.Prompt).Encoders);
        Assert.Equal((15, 15, 5), (states.Tokens.Ids.Count, states.States[^1].shape[1], states.LayerCount));
        LensImage made = Own(model, SmallQwen.Settings("zimage"), SmallModel.Prompt, "");
        SmallQwen.AssertImage(made, Reference.Load("zimage", "images", Reference.Double)["native.image"], Tolerance);
    }

    [Fact]
    public void A_prompt_longer_than_the_denoiser_has_positions_for_is_refused_with_the_length_that_would_do()
    {
        using TextToImageModel model = TextToImageModel.Load(_folder.Path, new LoadOptions(ScalarType.Float64));
        BadInputException refused = Assert.Throws<BadInputException>(() => model.Encode(Prompts[2]));
        Assert.Contains("max sequence length 64", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_without_model_before_them_are_the_same_encoder()
    {
        using DisposeScope scope = NewDisposeScope();
        string file = _folder["text_encoder/model.safetensors"];
        byte[] content = File.ReadAllBytes(file);
        int length = BitConverter.ToInt32(content);
        string header = System.Text.Encoding.UTF8.GetString(content, 8, length)
            .Replace("\"model.", "\"", StringComparison.Ordinal).PadRight(length);
        System.Text.Encoding.UTF8.GetBytes(header).CopyTo(content, 8);
        File.WriteAllBytes(file, content);
        using TextToImageModel model = SmallQwen.LoadFolder(_folder.Path);
        LensImage made = Own(model, SmallQwen.Settings("zimage"), SmallModel.Prompt, "");
        SmallQwen.AssertImage(made, Reference.Load("zimage", "images", Reference.Double)["native.image"], Tolerance);
        Assert.Equal(
            ModelFamily.Of([Reference.PathOf("zimage")]).Identity([Reference.PathOf("zimage")], new LoadOptions(), new()).Sha256,
            ModelFamily.Of([_folder.Path]).Identity([_folder.Path], new LoadOptions(), new()).Sha256);
    }

    [Fact]
    public void The_schedules_shift_tells_Turbo_from_the_other()
    {
        Assert.Equal((8, 0.0), Suits());
        SmallCascade.Change(_folder, "scheduler/scheduler_config.json", "shift", "6.0");
        Assert.Equal((50, 5.0), Suits());

        (int, double) Suits()
        {
            ModelDescription told = ModelFamily.Of([_folder.Path]).Describe([_folder.Path]);
            return (told.OwnSampler!.Steps, told.DefaultGuidance);
        }
    }

    [Theory]
    [InlineData(132, 32, "height is 132; this model knows positions in images of up to 128 pixels")]
    [InlineData(32, 30, "width is 30")]
    public void Sides_that_it_cannot_make_are_refused(int height, int width, string error)
    {
        using TextToImageModel model = SmallQwen.Load("zimage");
        SamplerSettings settings = SmallQwen.Settings("zimage") with { Height = height, Width = width };
        Assert.Contains(error, Assert.Throws<BadInputException>(() => model.Calls(1, settings)).Message, StringComparison.Ordinal);
    }

    private static string[] Prompts
        => JsonSerializer.Deserialize<string[]>(File.ReadAllText(Reference.PathOf("zimage", "expected", "prompts.json")))!;

    private static string NegativeOf(string name)
        => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Reference.PathOf("zimage", "expected", "images.json")))
            .GetProperty("cases").GetProperty(name).GetProperty("negative_prompt").GetString()!;

    private static LensImage Own(TextToImageModel model, SamplerSettings settings, string prompt, string negative, ulong seed = 0)
    {
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(prompt, negative);
        return Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [seed], settings));
    }
}
