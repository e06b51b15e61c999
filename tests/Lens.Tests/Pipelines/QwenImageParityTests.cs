using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>Qwen-Image's lens images by layer, and its own, against diffusers' pipeline with that conditioning.</summary>
public sealed class QwenImageParityTests
{
    private const string Folder = SmallQwenImage.Folder;
    private const double Tolerance = 1e-10;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    public void Conditionings_latents_and_images_of_a_layer_are_those_of_diffusers(int layer, int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwenImage.Load();
        Dictionary<string, Tensor> expected = Reference.Load(Folder, "lens", Reference.Double);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite site = new(layer);
        LensImage made = Assert.Single(lens.Images(encoding, [site], [(ulong)seed], SmallQwenImage.Settings));
        TensorAssert.Close(
            model.Join(lens.Conditioning(encoding, site)), Reference.Load(Folder, "lens")[$"layer{layer}.prompt_embeds"], 2e-6, "states");
        TensorAssert.Close(SmallQwenImage.Tokens(made), expected[$"layer{layer}.seed{seed}.latents"], Tolerance, "latents");
        SmallQwen.AssertImage(made, expected[$"layer{layer}.seed{seed}.image"], Tolerance);
        Tensor noise = expected[$"init.seed{seed}"].squeeze(0);
        TensorAssert.Close(model.InitialNoise((ulong)seed, SmallQwenImage.Settings), noise, 1e-6, "noise");
    }

    public static TheoryData<string, LensSite> Others => new()
    {
        { "layer5.without_norm", new LensSite(5) { Norm = SiteNorm.None } },
        { "layer2.without_norm", new LensSite(2) { Norm = SiteNorm.None } },
        { "layer2.keep_prompt", new LensSite(2) { Tokens = SiteTokens.Prompt, Rest = SiteRest.Dropped } },
        { "layer2.keep_tail", new LensSite(2) { Tokens = SiteTokens.Template, Rest = SiteRest.Dropped } },
        { "layer2.prompt.rest_native", new LensSite(2) { Tokens = SiteTokens.Prompt, Rest = SiteRest.Native } },
        { "layer2.tail.rest_native", new LensSite(2) { Tokens = SiteTokens.Template, Rest = SiteRest.Native } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Conditionings_and_images_of_other_sites_are_those_of_diffusers(string name, LensSite site)
    {
        Assert.Equal(Others.Count, Json("lens.json").GetProperty("others").EnumerateObject().Count());
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwenImage.Load();
        Dictionary<string, Tensor> expected = Reference.Load(Folder, "lens", Reference.Double);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensImage made = Assert.Single(lens.Images(encoding, [site], [0], SmallQwenImage.Settings));
        TensorAssert.Close(
            model.Join(lens.Conditioning(encoding, site)), Reference.Load(Folder, "lens")[$"{name}.prompt_embeds"], 2e-6, "states");
        TensorAssert.Close(SmallQwenImage.Tokens(made), expected[$"{name}.latents"], Tolerance, "latents");
        SmallQwen.AssertImage(made, expected[$"{name}.image"], Tolerance);
    }

    [Theory]
    [InlineData("native")]
    [InlineData("no_negative")]
    [InlineData("scale_1")]
    [InlineData("blank")]
    [InlineData("negative")]
    [InlineData("long")]
    [InlineData("cut")]
    [InlineData("lightning")]
    [InlineData("terminal_none")]
    [InlineData("wide")]
    [InlineData("odd")]
    public void Its_own_images_are_those_of_diffusers(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Folder, "images", Reference.Double);
        JsonElement all = Json("images.json"), changed = name == "native" ? all : all.GetProperty("cases").GetProperty(name);
        using TextToImageModel model = SmallQwenImage.Load(length: Int("max_sequence_length", 512));
        string? negative = Property("negative_prompt").GetString();
        ulong seed = SeedOf(expected.GetValueOrDefault($"{name}.init", expected["init"]));
        LensImage made = SmallQwenImage.Own(model, Property("prompt").GetString()!, negative, Settings(), seed);
        Tensor latents = name == "native" ? expected["native.trajectory"][-1].unsqueeze(0) : expected[$"{name}.latents"];
        TensorAssert.Close(SmallQwenImage.Tokens(made), latents, Tolerance, "latents");
        SmallQwen.AssertImage(made, expected[$"{name}.image"], Tolerance);

        JsonElement Property(string key) => changed.TryGetProperty(key, out JsonElement value) ? value : all.GetProperty(key);
        int Int(string key, int otherwise) => changed.TryGetProperty(key, out JsonElement value) ? value.GetInt32() : otherwise;
        ulong SeedOf(Tensor noise) => Enumerable.Range(0, 10).Select(seed => (ulong)seed)
            .Single(seed => model.InitialNoise(seed, Settings()).sub(noise.squeeze(0)).abs().max().ToDouble() < 1e-5);
        SamplerSettings Settings() => new()
        {
            Steps = Int("num_inference_steps", 5),
            Guidance = Property("true_cfg_scale").GetDouble(),
            Height = Int("height", 32),
            Width = Int("width", 32),
            SchedulerOptions = changed.TryGetProperty("scheduler", out JsonElement options) && options.ValueKind == JsonValueKind.Object
                ? SchedulerOptions.Parse(options.EnumerateObject().Select(option => $"{option.Name}={option.Value.GetRawText()}"))
                : SchedulerOptions.None,
        };
    }

    [Fact]
    public void In_float32_its_image_is_that_of_diffusers_to_a_few_millionths()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwenImage.Load(ScalarType.Float32);
        SmallQwen.AssertImage(SmallQwenImage.Own(model), Reference.Load(Folder, "images", Reference.Double)["native.image"], 2e-5);
    }

    [Fact]
    public void Prompts_of_different_lengths_may_be_made_together()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Folder, "images", Reference.Double);
        using TextToImageModel model = SmallQwenImage.Load();
        Lens lens = new(model);
        using PromptEncoding first = lens.Encode(SmallModel.Prompt), second = lens.Encode(Long);
        LensSite own = new(model.LayerCount);
        IReadOnlyList<LensImage> made = lens.Images(
            [
                new PromptBatch(first, [new ImageKey(first.Prompt, own, 0), new ImageKey(first.Prompt, own, 1)]),
                new PromptBatch(second, [new ImageKey(second.Prompt, own, 0)]),
            ],
            SmallQwenImage.Settings);
        SmallQwen.AssertImage(made[0], expected["native.image"], Tolerance);
        SmallQwen.AssertImage(made[2], expected["long.image"], Tolerance);
    }

    [Fact]
    public void Schedules_for_many_sizes_and_steps_are_those_of_diffusers_and_one_step_which_is_NaN_there_is_refused()
    {
        JsonElement[] cases = [.. Json("images.json").GetProperty("schedule").EnumerateArray()];
        Assert.Equal(20, cases.Length);
        SchedulerConfig config = SchedulerConfig.Parse(
            ConfigFile.ReadObject(Reference.PathOf(Folder, "scheduler", "scheduler_config.json")), "scheduler_config.json");
        Assert.All(cases, one =>
        {
            int steps = one.GetProperty("steps").GetInt32();
            double mu = FlowShift.Mu(config, one.GetProperty("image_tokens").GetInt32());
            Assert.Equal(one.GetProperty("mu").GetDouble(), mu, 1e-12);
            if (one.GetProperty("sigmas")[0].ValueKind == JsonValueKind.String)
            {
                Assert.Equal(1, steps);
                BadInputException refused = Assert.Throws<BadInputException>(Run);
                Assert.Contains(
                    "shift_terminal is 0.02: stretched to end there, the level of one step is NaN",
                    refused.Message,
                    StringComparison.Ordinal);
                return;
            }

            using Scheduler scheduler = Run();
            Assert.Equal(Numbers(one, "timesteps"), scheduler.Timesteps, (theirs, ours) => Math.Abs(theirs - ours) < 1e-3);
            Assert.Equal(Numbers(one, "sigmas"), scheduler.Sigmas!, (theirs, ours) => Math.Abs(theirs - ours) < 1e-6);

            Scheduler Run() => Scheduler.Create(
                "flow_match_euler", config, steps, new PipelineSchedule { Mu = mu, Sigmas = [.. Spacing.Even(1, 1.0 / steps, steps)] });
        });
    }

    private static string Long => Json("images.json").GetProperty("cases").GetProperty("long").GetProperty("prompt").GetString()!;

    private static JsonElement Json(string name) => ConfigFile.ReadObject(Reference.PathOf(Folder, "expected", name));

    private static double[] Numbers(JsonElement item, string name)
        => [.. item.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
