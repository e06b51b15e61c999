using System.Text.Json;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>What PixArt reads of texts, and its images, its own and by layer, against diffusers' pipelines.</summary>
public sealed class PixArtParityTests : IDisposable
{
    private const double Tolerance = 1e-9;

    private readonly TemporaryFolder _alpha = SmallPixArt.Alpha();

    public void Dispose() => _alpha.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ids_masks_and_states_of_all_prompts_are_those_of_diffusers(bool isAlpha)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = isAlpha ? SmallPixArt.LoadAlpha(_alpha) : SmallPixArt.Load();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.PixArt, "text");
        Tensor embeds = Reference.Load(Reference.PixArt, "text", Reference.Double)[isAlpha ? "alpha.prompt_embeds" : "prompt_embeds"];
        foreach ((string prompt, int row) in Prompts.Select((prompt, row) => (prompt, row)))
        {
            EncodedText text = model.Encode(prompt);
            EncoderStates encoder = Assert.Single(text.Encoders);
            string prefix = isAlpha ? "alpha." : "";
            Assert.Equal(Row("input_ids"), encoder.Tokens.Ids.Select(id => (long)id));
            Assert.Equal(Row("attention_mask"), encoder.Tokens.Mask.Select(one => (long)one));
            TextReads reads = model.NativeReads(text);
            Assert.Equal(encoder.Tokens.Mask.Select(one => one == 1), Assert.Single(reads.Rows!).Written);
            TensorAssert.Close(Assert.Single(reads.States), embeds[row].unsqueeze(0), Tolerance, prompt);
            if (!isAlpha)
            {
                Assert.Equal(6, encoder.States.Count);
                Assert.All(encoder.States, (state, layer)
                    => TensorAssert.Close(state, expected[$"hidden_states.{layer}"][row].unsqueeze(0), 1e-6, $"h^{layer}"));
            }

            IEnumerable<long> Row(string name) => expected[prefix + name][row].data<long>();
        }
    }

    [Fact]
    public void Every_awkward_text_has_the_ids_that_the_pipelines_make_of_it()
    {
        JsonElement reference = Json("tokenizer");
        PromptTokenizer sigma = TokenizerOf(Reference.PathOf(Reference.PixArt), SmallPixArt.Length);
        PromptTokenizer alpha = TokenizerOf(_alpha.Path, SmallPixArt.AlphaLength);
        Assert.All(reference.GetProperty("cases").EnumerateArray(), example =>
        {
            string text = example.GetProperty("text").GetString()!;
            Assert.Equal(Ints(example, "padded"), sigma.Encode(text).Ids);
            Assert.Equal(Ints(example, "padded_alpha"), alpha.Encode(text).Ids);
            Assert.Equal(example.GetProperty("mask_ones").GetInt32(), sigma.Encode(text).Mask.Sum());
        });
        JsonElement row = reference.GetProperty("row_default");
        string prompt = row.GetProperty("prompt").GetString()!;
        Assert.Equal(Ints(row, "sigma_300"), TokenizerOf(Reference.PathOf(Reference.PixArt), length: null).Encode(prompt).Ids);
        Assert.Equal(Ints(row, "alpha_120"), TokenizerOf(_alpha.Path, length: null).Encode(prompt).Ids);

        static int[] Ints(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
        static PromptTokenizer TokenizerOf(string folder, int? length)
            => Assert.Single(ModelFamily.Of([folder]).Tokenizers([folder], new LoadOptions(MaxSequenceLength: length)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 0)]
    [InlineData(5, 0)]
    public void Conditionings_latents_and_images_of_a_layer_are_those_of_diffusers(int layer, int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallPixArt.Load();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.PixArt, "lens", Reference.Double);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(Prompts[0]);
        LensSite site = new(layer);
        TensorAssert.Close(
            model.Join(lens.Conditioning(encoding, site)), Reference.Load(Reference.PixArt, "text")[$"lens.{layer}"], 1e-6, "states");
        LensImage made = Assert.Single(lens.Images(encoding, [site], [(ulong)seed], SmallPixArt.Settings));
        AssertMade(made, expected[$"layer{layer}.seed{seed}.latents"], expected[$"layer{layer}.seed{seed}.image"]);
        TensorAssert.Close(model.InitialNoise((ulong)seed, SmallPixArt.Settings), expected[$"init.seed{seed}"], 1e-6, "noise");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void So_are_those_of_Alpha(int layer)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallPixArt.LoadAlpha(_alpha);
        Dictionary<string, Tensor> expected = Reference.Load(Reference.PixArt, "lens", Reference.Double);
        LensImage made = Made(model, SmallPixArt.Settings, Prompts[0], "", layer);
        AssertMade(made, expected[$"alpha.layer{layer}.latents"], expected[$"alpha.layer{layer}.image"]);
    }

    [Theory]
    [InlineData("native")]
    [InlineData("negative")]
    [InlineData("no_guidance")]
    [InlineData("long")]
    [InlineData("sixteen_steps")]
    [InlineData("wide")]
    [InlineData("alpha")]
    [InlineData("alpha.wide")]
    public void Their_own_images_are_those_of_diffusers(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.PixArt, "images", Reference.Double);
        bool isAlpha = name.StartsWith("alpha", StringComparison.Ordinal), isWide = name.EndsWith("wide", StringComparison.Ordinal);
        using TextToImageModel model = isAlpha ? SmallPixArt.LoadAlpha(_alpha) : SmallPixArt.Load();
        SamplerSettings settings = isWide ? SmallPixArt.Settings with { Height = 16, Width = 48 } : SmallPixArt.Settings;
        settings = name switch
        {
            "no_guidance" => settings with { Guidance = 1 },
            "sixteen_steps" => settings with { Steps = 16 },
            _ => settings,
        };
        ulong seed = isWide ? 2UL : 0;
        TensorAssert.Close(model.InitialNoise(seed, settings), expected[isWide ? "wide.init" : "init"], 1e-6, "noise");
        string prompt = Prompts[name == "long" ? 2 : 0], negative = name == "negative" ? Prompts[1] : "";
        LensImage made = Made(model, settings, prompt, negative, model.LayerCount, seed);
        Tensor latents = name == "native" ? expected["native.trajectory"][-1].unsqueeze(0) : expected[$"{name}.latents"];
        AssertMade(made, latents, expected[$"{name}.image"]);
    }

    [Fact]
    public void In_float32_the_image_is_that_of_diffusers_to_a_ten_thousandth()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallPixArt.Load(ScalarType.Float32);
        LensImage made = Made(model, SmallPixArt.Settings, Prompts[0], "", model.LayerCount);
        SmallQwen.AssertImage(made, Reference.Load(Reference.PixArt, "images", Reference.Double)["native.image"], 1e-4);
    }

    private static string[] Prompts
        => [.. Json("prompts").GetProperty("prompts").EnumerateArray().Select(prompt => prompt.GetString()!)];

    private static JsonElement Json(string name)
        => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Reference.PathOf(Reference.PixArt, "expected", $"{name}.json")));

    private static void AssertMade(LensImage made, Tensor latents, Tensor image)
    {
        TensorAssert.Close(made.Latents.unsqueeze(0), latents, Tolerance, "latents");
        SmallQwen.AssertImage(made, image, Tolerance);
    }

    private static LensImage Made(
        TextToImageModel model, SamplerSettings settings, string prompt, string negative, int layer, ulong seed = 0)
    {
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(prompt, negative);
        return Assert.Single(lens.Images(encoding, [new LensSite(layer)], [seed], settings));
    }
}
