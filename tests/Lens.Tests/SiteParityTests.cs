using DiffusionLens.Families;
using DiffusionLens.Families.Flux;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests;

/// <summary>Conditionings, pooled vectors, latents and images of sites, against the libraries' own in float64.</summary>
public sealed class SiteParityTests(SiteParityTests.Models models) : IClassFixture<SiteParityTests.Models>
{
    private const double Tolerance = 1e-9;

    private static readonly string[] Families = ["sd1", "if", "sdxl", "sd3", "flux"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string family in Families)
            {
                foreach (string name in SiteCase.NamesOf(family))
                {
                    cases.Add(family, name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_a_site_shows_and_the_image_of_it_are_those_of_the_reference(string family, string name)
    {
        using DisposeScope scope = NewDisposeScope();
        TextToImageModel model = models.Load(family);
        SiteCase one = SiteCase.Read(family, name);
        LensSite site = one.SiteIn(model.Description);
        Lens lens = new(model);
        ImageKey key = new(one.Prompt, site, Seed: family == "if" ? 3UL : 0) { Handling = one.Handling };
        using PromptEncoding encoding = Assert.Single(lens.Encode([key]));
        Dictionary<string, Tensor> expected = Reference.Load("sites", family, Reference.Double);
        AssertReads(model, lens.Conditioning(encoding, site, one.Handling), name, one.Prompt, expected);

        string drawn = family == "if" ? $"{name}.raw_image" : $"{name}.latents";
        if (expected.TryGetValue(drawn, out Tensor? latents))
        {
            LensImage image = Assert.Single(lens.Images([new PromptBatch(encoding, [key])], Settings(family)));
            Tensor own = image.Latents.unsqueeze(0);
            TensorAssert.Close(family == "flux" ? FluxPipeline.Packed(own) : own, latents, Tolerance, drawn);
            if (expected.TryGetValue($"{name}.image", out Tensor? pixels))
            {
                Assert.InRange(pixels.sub(image.Pixels.unsqueeze(0)).abs().max().item<double>(), 0, Tolerance);
            }
        }
    }

    [Fact]
    public void What_was_not_foreseen_is_encoded_on_demand_with_the_same_bits()
    {
        using DisposeScope scope = NewDisposeScope();
        TextToImageModel model = models.Load("sd1");
        Lens lens = new(model);
        LensSite first = new(3)
        {
            Point = SitePoint.Attention,
            Tokens = SiteTokens.Prompt,
            Source = "a square",
            Norm = SiteNorm.Matched,
            Skip = [new(2)],
        };
        using PromptEncoding foreseen = Assert.Single(lens.Encode([SmallModel.Prompt], [first]));
        using PromptEncoding plain = lens.Encode(SmallModel.Prompt);
        foreach (LensSite site in new[] { first, first.At(4), first with { Source = "" } })
        {
            Tensor shown = Assert.Single(lens.Conditioning(foreseen, site).States);
            Assert.True(shown.equal(Assert.Single(lens.Conditioning(plain, site).States)).all().item<bool>());
        }
    }

    private static void AssertReads(
        TextToImageModel model, TextReads reads, string name, string prompt, Dictionary<string, Tensor> expected)
    {
        if (expected.TryGetValue($"{name}.conditioning", out Tensor? conditioning))
        {
            TensorAssert.Close(model.Join(reads), conditioning, Tolerance, "conditioning");
        }

        TextReads native = model.NativeReads(model.Encode(prompt));
        foreach ((int read, Tensor state) in reads.States.Index())
        {
            // SD 3's encoders one by one: those that the reference does not hold are the model's own.
            bool isHeld = expected.TryGetValue($"{name}.encoder{model.Description.Reads[read].Encoder + 1}", out Tensor? rows);
            if (isHeld || (conditioning is null && !name.Contains("all", StringComparison.Ordinal)))
            {
                TensorAssert.Close(state, rows ?? native.States[read], Tolerance, $"read {read}");
            }
        }

        if (reads.Pooled is not null)
        {
            Tensor own = expected.GetValueOrDefault(prompt == SmallModel.Prompt ? "text0.pooled" : "text1.pooled") ?? native.Pooled!;
            TensorAssert.Close(reads.Pooled, expected.GetValueOrDefault($"{name}.pooled") ?? own, Tolerance, "pooled");
        }
    }

    private static SamplerSettings Settings(string family) => family switch
    {
        "sd1" => new SamplerSettings { Scheduler = "dpmsolver++", Steps = 6, Guidance = 7.5 },
        "if" => new SamplerSettings { Scheduler = "dpmsolver++", Steps = 6, Guidance = 7, SuperResolution = null },
        "sdxl" => new SamplerSettings { Scheduler = "euler", Steps = 5, Guidance = 5 },
        _ => SmallFlow.Settings($"later/{family}"),
    };

    /// <summary>The reference's small models in float64; the tests of a class run one after the other.</summary>
    public sealed class Models : IDisposable
    {
        private readonly Dictionary<string, TextToImageModel> _loaded = [];

        public TextToImageModel Load(string family)
        {
            if (!_loaded.TryGetValue(family, out TextToImageModel? model))
            {
                LoadOptions options = new(ScalarType.Float64);
                _loaded[family] = model = family switch
                {
                    "sd1" => TextToImageModel.Load(Reference.PathOf("sd1"), options),
                    "if" => TextToImageModel.Load(Reference.PathOf(Reference.StageI), options),
                    "sdxl" => TextToImageModel.Load(Reference.PathOf(Reference.XL), options),
                    _ => SmallFlow.Load($"later/{family}"),
                };
            }

            return model;
        }

        public void Dispose()
        {
            foreach (TextToImageModel model in _loaded.Values)
            {
                model.Dispose();
            }
        }
    }
}
