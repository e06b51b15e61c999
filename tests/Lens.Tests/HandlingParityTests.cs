using DiffusionLens.Denoisers;
using DiffusionLens.Families.Flux;
using DiffusionLens.Families.Flux2Klein;
using DiffusionLens.Pipelines;
using DiffusionLens.Tests.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests;

/// <summary>What is done to masks, lengths and padding inside denoisers, against the libraries in float64.</summary>
public sealed class HandlingParityTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<string> Families => ["if", "flux", "klein", "sd3"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Conditionings_latents_and_images_are_those_of_the_reference_alone_and_in_one_batch(string family)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = Load(family);
        Lens lens = new(model);
        Dictionary<string, Tensor> expected = Reference.Load("sites", family, "handling");
        Dictionary<string, ImageKey> keys = SiteCase.HandledNamesOf(family).ToDictionary(name => name, name => KeyOf(model, family, name));
        using PromptEncoding encoding = Assert.Single(lens.Encode([.. keys.Values]));
        ImageKey native = new(SmallModel.Prompt, new LensSite(model.LayerCount), Seed(family));

        // In one batch all denoisers' groups are met, and rows that are held stand beside rows that are not.
        IReadOnlyList<LensImage> together = lens.Images([new PromptBatch(encoding, [native, .. keys.Values])], Settings(family));
        LensImage plain = Assert.Single(lens.Images([new PromptBatch(encoding, [native])], Settings(family)));
        TensorAssert.Close(together[0].Pixels, plain.Pixels, Tolerance, "the native image among others");
        foreach (((string name, ImageKey key), int number) in keys.Zip(Enumerable.Range(1, keys.Count)))
        {
            AssertConditioning(model, lens.Conditioning(encoding, key.Site, key.Handling), name, expected);
            AssertImage(family, name, together[number], expected);
            AssertImage(family, name, Assert.Single(lens.Images([new PromptBatch(encoding, [key])], Settings(family))), expected);
        }
    }

    private static void AssertConditioning(TextToImageModel model, TextReads reads, string name, Dictionary<string, Tensor> expected)
    {
        if (expected.TryGetValue($"{name}.conditioning", out Tensor? conditioning))
        {
            TensorAssert.Close(model.Join(reads), conditioning, Tolerance, $"{name}: conditioning");
        }

        if (expected.TryGetValue($"{name}.encoder3", out Tensor? rows))
        {
            TensorAssert.Close(reads.States[2], rows, Tolerance, $"{name}: encoder 3");
        }
    }

    private static void AssertImage(string family, string name, LensImage made, Dictionary<string, Tensor> expected)
    {
        Tensor latents = made.Latents.unsqueeze(0);
        Tensor packed = family switch
        {
            "flux" => PackedLatents.Of(latents),
            "klein" => Flux2KleinPipeline.Tokens(latents),
            _ => latents,
        };
        TensorAssert.Close(packed, expected[family == "if" ? $"{name}.raw_image" : $"{name}.latents"], Tolerance, $"{name}: latents");
        Assert.InRange(expected[$"{name}.image"].sub(made.Pixels.unsqueeze(0)).abs().max().item<double>(), 0, Tolerance);
    }

    private static ImageKey KeyOf(TextToImageModel model, string family, string name)
    {
        SiteCase one = SiteCase.Read(family, name);
        return new ImageKey(one.Prompt, one.SiteIn(model.Description), Seed(family)) { Handling = one.Handling };
    }

    private static ulong Seed(string family) => family == "if" ? 3UL : 0;

    private static TextToImageModel Load(string family) => family switch
    {
        "if" => TextToImageModel.Load(Reference.PathOf(Reference.StageI), new LoadOptions(ScalarType.Float64)),
        "klein" => SmallQwen.Load(family),
        _ => SmallFlow.Load($"later/{family}"),
    };

    private static SamplerSettings Settings(string family) => family switch
    {
        "if" => new SamplerSettings { Scheduler = "dpmsolver++", Steps = 6, Guidance = 7, SuperResolution = null },
        "klein" => SmallQwen.Settings(family),
        _ => SmallFlow.Settings($"later/{family}"),
    };
}
