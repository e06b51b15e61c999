using System.Text.Json;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>SANA's lens images by layer, and its own, against diffusers' pipeline.</summary>
public sealed class SanaParityTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1, 0, false)]
    [InlineData(2, 0, false)]
    [InlineData(2, 1, false)]
    [InlineData(4, 0, false)]
    [InlineData(6, 0, false)]
    [InlineData(2, 0, true)]
    [InlineData(6, 0, true)]
    public void Conditionings_latents_and_images_of_a_layer_are_those_of_diffusers(int layer, int seed, bool softCaps)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallSana.Load(SmallSana.Options() with { SoftCapping = softCaps });
        Dictionary<string, Tensor> expected = Reference.Load(SmallSana.Name, "lens", Reference.Double);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite site = new(layer);
        LensImage made = Assert.Single(lens.Images(encoding, [site], [(ulong)seed], SmallSana.Settings));
        string name = softCaps ? $"capped.layer{layer}" : $"layer{layer}.seed{seed}";
        TensorAssert.Close(made.Latents.unsqueeze(0), expected[$"{name}.latents"], Tolerance, "latents");
        SmallQwen.AssertImage(made, expected[$"{name}.image"], Tolerance);
        TensorAssert.Close(model.InitialNoise((ulong)seed, SmallSana.Settings), expected[$"init.seed{seed}"], 1e-6, "noise");
        if (!softCaps)
        {
            Tensor states = Reference.Load(SmallSana.Name, "lens")[$"layer{layer}.prompt_embeds"];
            TensorAssert.Close(model.Join(lens.Conditioning(encoding, site)), states, 1e-5, "states");
        }
    }

    [Theory]
    [InlineData("native")]
    [InlineData("no_instruction")]
    [InlineData("own")]
    [InlineData("negative")]
    [InlineData("no_guidance")]
    [InlineData("long")]
    [InlineData("sixteen_steps")]
    [InlineData("capped")]
    [InlineData("flow_match")]
    [InlineData("wide")]
    public void Its_own_images_are_those_of_diffusers(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(SmallSana.Name, "images", Reference.Double);
        JsonElement cases = Parsed("images.json").GetProperty("cases");
        LoadOptions options = SmallSana.Options();
        using TextToImageModel model = SmallSana.Load(name switch
        {
            "no_instruction" => options with { Instruction = null },
            "own" => options with { Instruction = TestInstruction.Own },
            "capped" => options with { SoftCapping = true },
            _ => options,
        });
        SamplerSettings settings = SmallSana.Settings;
        settings = name switch
        {
            "no_guidance" => settings with { Guidance = 1 },
            "sixteen_steps" => settings with { Steps = 16 },
            "wide" => settings with { Width = 64 },
            "flow_match" => settings with { Scheduler = "flow_match_euler", SchedulerOptions = SchedulerOptions.Parse(["shift=3.0"]) },
            _ => settings,
        };
        string prompt = name == "long" ? cases.GetProperty(name).GetProperty("prompt").GetString()! : SmallModel.Prompt;
        string negative = name == "negative" ? cases.GetProperty(name).GetProperty("negative_prompt").GetString()! : "";
        LensImage made = Own(model, settings, prompt, negative, SeedOf(model, settings, expected, name));
        Tensor latents = name == "native" ? expected["native.trajectory"][-1].unsqueeze(0) : expected[$"{name}.latents"];
        TensorAssert.Close(made.Latents.unsqueeze(0), latents, Tolerance, "latents");
        SmallQwen.AssertImage(made, expected[$"{name}.image"], Tolerance);
    }

    [Fact]
    public void In_float32_its_image_is_that_of_diffusers_to_a_few_ten_thousandths()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallSana.Load(SmallSana.Options(ScalarType.Float32));
        LensImage made = Own(model, SmallSana.Settings, SmallModel.Prompt, "");
        SmallQwen.AssertImage(made, Reference.Load(SmallSana.Name, "images", Reference.Double)["native.image"], 2e-4);
    }

    [Fact]
    public void Names_with_model_before_them_and_layer_types_are_the_same_encoder_from_SentencePieces_file_too()
    {
        using DisposeScope scope = NewDisposeScope();
        using TemporaryFolder folder = SmallFlow.Copy(SmallSana.Name);
        string file = folder["text_encoder/model.safetensors"];
        Dictionary<string, Tensor> renamed;
        using (SafetensorsFile opened = SafetensorsFile.Open(file))
        {
            renamed = opened.Entries.Keys.ToDictionary(name => $"model.{name}", opened.Read);
        }

        SafetensorsWriter.Write(file, renamed);
        SmallCascade.Change(folder, "text_encoder/config.json", "layer_types",
            string.Join(", ", Enumerable.Range(0, 6).Select(i => i % 2 == 0 ? "\"sliding_attention\"" : "\"full_attention\""))
                is var types ? $"[{types}]" : "");
        File.Delete(folder["tokenizer/tokenizer.json"]);
        using TextToImageModel model = TextToImageModel.Load(folder.Path, SmallSana.Options());
        LensImage made = Own(model, SmallSana.Settings, SmallModel.Prompt, "");
        SmallQwen.AssertImage(made, Reference.Load(SmallSana.Name, "images", Reference.Double)["native.image"], Tolerance);
    }

    [Theory]
    [InlineData(48, 32, "height is 48; this model makes images whose sides are multiples of 32")]
    [InlineData(32, 16, "width is 16")]
    public void Sides_that_it_cannot_make_are_refused(int height, int width, string error)
    {
        using TextToImageModel model = SmallSana.Load();
        SamplerSettings settings = SmallSana.Settings with { Height = height, Width = width };
        Assert.Contains(error, Assert.Throws<BadInputException>(() => model.Calls(1, settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_just_long_enough_for_the_empty_prompt_has_the_fewest_tokens_that_are_read()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallSana.Load(SmallSana.Options() with { Instruction = null });
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode("");
        TextHandling fit = new() { Length = TextLength.Fit };
        Tensor states = Assert.Single(lens.Conditioning(encoding, new LensSite(model.LayerCount), fit).States);
        Assert.Equal(2, (int)states.shape[1]);
    }

    /// <summary>The seed whose noise the reference starts from.</summary>
    private static ulong SeedOf(
        TextToImageModel model, SamplerSettings settings, Dictionary<string, Tensor> expected, string name)
    {
        Tensor start = expected[name == "wide" ? "wide.init" : "init"];
        return Enumerable.Range(0, 10).Select(seed => (ulong)seed).First(
            seed => model.InitialNoise(seed, settings).to(ScalarType.Float64).sub(start).abs().max().item<double>() < 1e-6);
    }

    private static JsonElement Parsed(string file)
        => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Reference.PathOf(SmallSana.Name, "expected", file)));

    private static LensImage Own(TextToImageModel model, SamplerSettings settings, string prompt, string negative, ulong seed = 0)
    {
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(prompt, negative);
        return Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [seed], settings));
    }
}
