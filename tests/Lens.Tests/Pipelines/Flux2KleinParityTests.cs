using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Families.Flux2Klein;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>FLUX.2 klein's lens images by layer, and its own, against diffusers' pipeline with that conditioning.</summary>
public sealed class Flux2KleinParityTests : IDisposable
{
    private const double Tolerance = 1e-9;

    private readonly TemporaryFolder _folder = SmallQwen.Copy("klein");

    public static TheoryData<int, int> Images
        => new() { { 0, 0 }, { 4, 0 }, { 4, 1 }, { 9, 0 }, { 12, 0 }, { 18, 0 }, { 23, 0 }, { 27, 0 }, { 27, 1 } };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Images))]
    public void Conditionings_latents_and_images_of_a_layer_are_those_of_diffusers(int layer, int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwen.Load("klein");
        Dictionary<string, Tensor> expected = Reference.Load("klein", "lens", Reference.Double);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite site = new(layer);
        LensImage made = Assert.Single(lens.Images(encoding, [site], [(ulong)seed], SmallQwen.Settings("klein")));
        Tensor joined = model.Join(lens.Conditioning(encoding, site));
        TensorAssert.Close(joined, Reference.Load("klein", "lens")[$"layer{layer}.prompt_embeds"], 2e-6, "states");
        TensorAssert.Close(Tokens(made), expected[$"layer{layer}.seed{seed}.latents"], Tolerance, "latents");
        SmallQwen.AssertImage(made, expected[$"layer{layer}.seed{seed}.image"], Tolerance);
        TensorAssert.Close(model.InitialNoise((ulong)seed, SmallQwen.Settings("klein")), expected[$"init.seed{seed}"], 1e-6, "noise");
    }

    [Theory]
    [InlineData("base", false, 5, 32)]
    [InlineData("wide", false, 5, 48)]
    [InlineData("distilled", true, 4, 32)]
    public void Its_own_images_are_those_of_diffusers(string name, bool isDistilled, int steps, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        SmallCascade.Change(_folder, "model_index.json", "is_distilled", isDistilled ? "true" : "false");
        Dictionary<string, Tensor> expected = Reference.Load("klein", "images", Reference.Double);
        using TextToImageModel model = SmallQwen.LoadFolder(_folder.Path);
        Assert.Equal((isDistilled ? 4 : 50, isDistilled ? 0 : 4), (model.Description.OwnSampler!.Steps, model.Description.DefaultGuidance));
        SamplerSettings settings = SmallQwen.Settings("klein") with
        {
            Steps = steps,
            Guidance = isDistilled ? 0 : 4,
            Height = name == "wide" ? 16 : 32,
            Width = width,
        };
        LensImage made = Own(model, settings, seed: name == "wide" ? 2UL : 0);
        TensorAssert.Close(Tokens(made), expected[$"{name}.trajectory"][-1].unsqueeze(0), Tolerance, "latents");
        SmallQwen.AssertImage(made, expected[$"{name}.image"], Tolerance);
    }

    [Fact]
    public void In_float32_its_image_is_that_of_diffusers_to_a_ten_thousandth()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwen.Load("klein", ScalarType.Float32);
        SmallQwen.AssertImage(
            Own(model, SmallQwen.Settings("klein")), Reference.Load("klein", "images", Reference.Double)["base.image"], 1e-4);
    }

    [Fact]
    public void Schedules_for_many_sizes_and_steps_are_those_of_diffusers()
    {
        JsonElement expected = ConfigFile.ReadObject(Reference.PathOf("klein", "expected", "images.json"));
        JsonElement[] cases = [.. expected.GetProperty("schedule").EnumerateArray()];
        Assert.Equal(24, cases.Length);
        SchedulerConfig config = SchedulerConfig.Parse(
            ConfigFile.ReadObject(Reference.PathOf("klein", "scheduler", "scheduler_config.json")), "scheduler_config.json");
        Assert.All(cases, one =>
        {
            int steps = one.GetProperty("steps").GetInt32();
            double mu = Flux2Schedule.Mu(one.GetProperty("image_tokens").GetInt64(), steps);
            Assert.Equal(one.GetProperty("mu").GetDouble(), mu, 1e-12);
            using Scheduler scheduler = Scheduler.Create(
                "flow_match_euler", config, steps, new PipelineSchedule { Mu = mu, Sigmas = [.. Spacing.Even(1, 1.0 / steps, steps)] });
            Assert.Equal(Numbers(one, "timesteps"), scheduler.Timesteps, (theirs, ours) => Math.Abs(theirs - ours) < 1e-3);
            Assert.Equal(Numbers(one, "sigmas"), scheduler.Sigmas!, (theirs, ours) => Math.Abs(theirs - ours) < 1e-6);
        });
    }

    [Fact]
    public void Its_text_encoders_config_may_say_which_blocks_are_read()
    {
        using DisposeScope scope = NewDisposeScope();
        SmallCascade.Change(_folder, "text_encoder/config.json", "text_encoder_out_layers", "[4, 12, 23]");
        using TextToImageModel model = SmallQwen.LoadFolder(_folder.Path);
        Assert.Equal([4, 12, 23], model.Description.Reads.Select(read => read.Layer));
        EncoderStates states = Assert.Single(model.Encode(SmallModel.Prompt).Encoders);
        Assert.Equal(23, states.LayerCount);
        Tensor joined = model.Join(model.NativeReads(new EncodedText([states])));
        Dictionary<string, Tensor> expected = Reference.Load("klein", "text_layers");
        TensorAssert.Close(
            joined, cat([.. new[] { 4, 12, 23 }.Select(layer => expected[$"hidden_states.{layer}"])], -1), 2e-6);
    }

    [Theory]
    [InlineData("text_encoder/config.json", "text_encoder_out_layers", "[9, 18, 31]", "blocks 9, 18, 31 of the text encoder")]
    [InlineData(
        "text_encoder/config.json",
        "text_encoder_out_layers",
        "[9, 18]",
        "reads text of width 72, 2 blocks of the text encoder have 48"
    )]
    [InlineData("transformer/config.json", "in_channels", "8", "in_channels")]
    [InlineData("model_index.json", "tokenizer", "[\"transformers\", \"CLIPTokenizer\"]", "tokenizer is a CLIPTokenizer")]
    [InlineData("model_index.json", "text_encoder", "[\"transformers\", \"Mistral3Model\"]", "text_encoder is a Mistral3Model")]
    [InlineData("model_index.json", "is_distilled", "1", "is_distilled is 1")]
    [InlineData("tokenizer/tokenizer_config.json", "chat_template", "\"{{ messages }}\"", "its chat template has no <|im_start|>")]
    public void A_folder_whose_parts_do_not_fit_is_refused(string file, string key, string value, string error)
    {
        SmallCascade.Change(_folder, file, key, value);
        string message = Assert.Throws<BadInputException>(() => SmallQwen.LoadFolder(_folder.Path)).Message;
        Assert.True(message.Contains(error, StringComparison.Ordinal) || error == "in_channels", message);
    }

    [Theory]
    [InlineData(24, 32, "height is 24")]
    [InlineData(32, 30, "width is 30")]
    public void Sides_that_it_cannot_make_are_refused(int height, int width, string error)
    {
        using TextToImageModel model = SmallQwen.Load("klein");
        SamplerSettings settings = SmallQwen.Settings("klein") with { Height = height == 24 ? 26 : height, Width = width };
        string message = Assert.Throws<BadInputException>(() => model.Calls(1, settings)).Message;
        Assert.Contains(error.Replace("24", "26", StringComparison.Ordinal), message, StringComparison.Ordinal);
        Assert.Contains("multiples of 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Distilled_it_refuses_guidance_and_other_samplers_never_serve_it()
    {
        SmallCascade.Change(_folder, "model_index.json", "is_distilled", "true");
        using TextToImageModel model = SmallQwen.LoadFolder(_folder.Path);
        SamplerSettings settings = SmallQwen.Settings("klein");
        Assert.Throws<BadInputException>(() => model.Calls(1, settings));
        Assert.Equal(5, model.Calls(1, settings with { Guidance = 1 }));
        Assert.Throws<BadInputException>(() => model.Calls(1, settings with { Guidance = 1, Scheduler = "ddim" }));
        Assert.Throws<BadInputException>(() => model.Calls(1, settings with { Guidance = 1, GuidanceTruncation = 0.5 }));
    }

    private static LensImage Own(TextToImageModel model, SamplerSettings settings, ulong seed = 0)
    {
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        return Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [seed], settings));
    }

    private static Tensor Tokens(LensImage image) => Flux2KleinPipeline.Tokens(image.Latents.unsqueeze(0));

    private static double[] Numbers(JsonElement item, string name)
        => [.. item.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
