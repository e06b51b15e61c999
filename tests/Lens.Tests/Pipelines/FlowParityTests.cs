using System.Globalization;
using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>
/// SD 3's and FLUX's lens images by layer, encoder and pooled policy, against diffusers' pipelines with that conditioning.
/// </summary>
public sealed class FlowParityTests
{
    private const double Tolerance = 1e-9;

    /// <summary>FLUX's encoders each at their own layer, which is two sites.</summary>
    private const string TwoLayers = "encoder1.layer3.encoder2.layer1.pooled_lens";

    private const string NoT5 = "no_text_encoder_3";

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string pipeline in new[] { Reference.SD3, Reference.Flux })
            {
                JsonElement.ObjectEnumerator all = CasesOf(pipeline).EnumerateObject();
                foreach (JsonProperty one in all.Where(one => one.Name is not TwoLayers and not NoT5))
                {
                    cases.Add(pipeline, one.Name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Conditionings_latents_and_images_of_a_site_are_those_of_diffusers(string pipeline, string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallFlow.Load(pipeline);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite site = SiteOf(name);
        LensImage made = Assert.Single(lens.Images(encoding, [site], [0], SmallFlow.Settings(pipeline)));
        AssertSame(pipeline, name, model, lens.Conditioning(encoding, site), made.Pixels, made.Latents);
    }

    [Fact]
    public void Two_encoders_at_layers_of_their_own_are_those_of_diffusers()
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallFlow.Load(Reference.Flux);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        TextReads clip = lens.Conditioning(encoding, SiteOf("encoder1.layer3.pooled_lens"));
        TextReads both = lens.Conditioning(encoding, SiteOf("encoder2.layer1")) with { Pooled = clip.Pooled };
        Tensor pixels = Assert.Single(lens.Images(encoding, both, [0], SmallFlow.Settings(Reference.Flux)));
        AssertSame(Reference.Flux, TwoLayers, model, both, pixels);
    }

    [Fact]
    public void Without_T5_its_rows_are_zeros_that_are_attended_to()
    {
        using DisposeScope scope = NewDisposeScope();
        using TemporaryFolder folder = SmallFlow.Copy(Reference.SD3);
        SmallCascade.Change(folder, "model_index.json", "text_encoder_3", "[null, null]");
        SmallCascade.Change(folder, "model_index.json", "tokenizer_3", "[null, null]");
        Directory.Delete(folder["text_encoder_3"], recursive: true);
        Directory.Delete(folder["tokenizer_3"], recursive: true);
        using TextToImageModel model = SmallFlow.LoadFolder(folder.Path);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        LensSite own = new(model.LayerCount);
        LensImage made = Assert.Single(lens.Images(encoding, [own], [0], SmallFlow.Settings(Reference.SD3)));
        AssertSame(Reference.SD3, NoT5, model, lens.Conditioning(encoding, own), made.Pixels, made.Latents);
    }

    [Theory]
    [InlineData(Reference.SD3)]
    [InlineData(Reference.Flux)]
    public void At_the_deepest_layer_the_image_is_the_models_own_bit_for_bit_and_diffusers(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallFlow.Load(pipeline);
        Lens lens = new(model);
        SamplerSettings settings = SmallFlow.Settings(pipeline);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        TextReads native = model.NativeReads(model.Encode(SmallModel.Prompt));
        Tensor own = Assert.Single(lens.Images(encoding, native, [0], settings));
        LensImage lensed = Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [0], settings));
        Assert.True(own.equal(lensed.Pixels).all().item<bool>());

        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "images", Reference.Double);
        TensorAssert.Close(lensed.Pixels.unsqueeze(0), expected["image"], Tolerance);
        TensorAssert.Close(Laid(pipeline, lensed.Latents), expected["trajectory"][-1].unsqueeze(0), Tolerance);
        Tensor start = model.InitialNoise(0, settings).to(ScalarType.Float64);
        TensorAssert.Close(Laid(pipeline, start[0]), expected["init"], 1e-6);
    }

    [Theory]
    [InlineData(Reference.SD3)]
    [InlineData(Reference.Flux)]
    public void In_float32_images_are_those_of_diffusers_to_a_ten_thousandth(string pipeline)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallFlow.Load(pipeline, ScalarType.Float32);
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(SmallModel.Prompt);
        string name = pipeline == Reference.SD3 ? "encoder2.layer2" : "encoder2.layer1";
        LensImage made = Assert.Single(lens.Images(encoding, [SiteOf(name)], [0], SmallFlow.Settings(pipeline)));
        Tensor expected = Reference.Load(pipeline, "lens", Reference.Double)[$"{name}.image"];
        Assert.InRange(expected.sub(made.Pixels.unsqueeze(0).to(ScalarType.Float64)).abs().max().item<double>(), 0, 1e-4);
        Assert.Equal(ScalarType.Float32, made.Pixels.dtype);
    }

    [Fact]
    public void Latents_are_packed_as_in_diffusers()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> expected = Reference.Load(Reference.Flux, "transformer");
        TensorAssert.Close(PackedLatents.Of(expected["schnell.wide.unpacked"]), expected["schnell.wide.hidden_states"], 0);
    }

    private static JsonElement CasesOf(string pipeline)
        => ConfigFile.ReadObject(Reference.PathOf(pipeline, "expected", "lens.json")).GetProperty("cases");

    /// <summary><c>encoder2.layer3.pooled_lens.other_empty</c>, <c>all.layer2</c>.</summary>
    private static LensSite SiteOf(string name)
    {
        string[] parts = name.Split('.');
        return new LensSite(Number(parts[1], "layer"))
        {
            Encoder = parts[0] == "all" ? SiteEncoder.All : SiteEncoder.Nth(Number(parts[0], "encoder")),
            Pooled = parts.Contains("pooled_lens") ? SitePooled.Lens
                : parts.Contains("pooled_empty") ? SitePooled.Empty
                : SitePooled.Native,
            Others = parts.Contains("other_empty") ? SiteOthers.Empty : SiteOthers.Native,
        };

        static int Number(string part, string before) => int.Parse(part[before.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Not every case's conditioning is in the tests' data, but every one's latents and image.</summary>
    private static void AssertSame(
        string pipeline, string name, TextToImageModel model, TextReads reads, Tensor pixels, Tensor? latents = null)
    {
        Dictionary<string, Tensor> expected = Reference.Load(pipeline, "lens", Reference.Double);
        if (expected.TryGetValue($"{name}.prompt_embeds", out Tensor? states))
        {
            TensorAssert.Close(model.Join(reads), states, Tolerance, "states");
        }

        TensorAssert.Close(reads.Pooled!, expected[$"{name}.pooled_prompt_embeds"], Tolerance, "pooled");
        if (latents is not null)
        {
            TensorAssert.Close(Laid(pipeline, latents), expected[$"{name}.latents"], Tolerance, "latents");
        }

        Assert.InRange(expected[$"{name}.image"].sub(pixels.unsqueeze(0)).abs().max().item<double>(), 0, Tolerance);
    }

    /// <summary>One image's latents as the reference has them: FLUX's packed.</summary>
    private static Tensor Laid(string pipeline, Tensor latents)
        => pipeline == Reference.Flux ? PackedLatents.Of(latents.unsqueeze(0)) : latents.unsqueeze(0);
}
