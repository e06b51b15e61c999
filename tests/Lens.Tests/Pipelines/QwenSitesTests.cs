using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>Every site of the reference in FLUX.2 klein and Z-Image, whose prompts stand in a chat template.</summary>
public sealed class QwenSitesTests
{
    /// <summary>How far the libraries' float32 islands may move conditionings, latents and images.</summary>
    public static TheoryData<string, string, double, double, double> References => new()
    {
        { "klein", Reference.Double, 1e-9, 1e-9, 1e-9 },
        { "klein", Reference.AsTheyAre, 7e-6, 5e-5, 1e-5 },
        { "zimage", Reference.Double, 1e-9, 1e-9, 1e-9 },
        { "zimage", Reference.AsTheyAre, 2e-6, 1e-4, 1e-5 },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void Every_site_has_the_references_conditioning_latents_and_image(
        string family, string precision, double ofConditionings, double ofLatents, double ofImages)
    {
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = SmallQwen.Load(family);
        Dictionary<string, Tensor> expected = Reference.Load("sites", family, precision);
        Lens lens = new(model);
        (string[] prompts, SiteCase[] cases) = SiteCase.Of(family);
        SiteCase[] stored = [.. cases.Where(one => expected.ContainsKey($"{one}.conditioning") && one.Denoiser is "" or "positions kept")];
        Assert.InRange(stored.Length, 40, cases.Length);
        IReadOnlyList<PromptEncoding> encodings = lens.Encode(
            prompts,
            prompt => [.. stored.Where(one => prompts[one.Prompt] == prompt).Select(one => one.Site(model.LayerCount))]);
        Assert.All(stored, one => TensorAssert.Close(
            model.Join(lens.Conditioning(encodings[one.Prompt], one.Site(model.LayerCount), one.EncoderMask)),
            expected[$"{one}.conditioning"].view(1, -1, expected[$"{one}.conditioning"].shape[^1]),
            ofConditionings,
            one.Name));
        Dictionary<string, Tensor> images = Reference.Load("sites", $"{family}.images", precision);
        foreach (SiteCase one in cases.Where(one => one is { HasImage: true, Denoiser: "", EncoderMask: TextMask.Native }))
        {
            LensImage made = Assert.Single(lens.Images(
                encodings[one.Prompt], [one.Site(model.LayerCount)], [0], SmallQwen.Settings(family)));
            Tensor latents = family == "klein" ? made.Latents.flatten(1).transpose(0, 1) : made.Latents;
            TensorAssert.Close(latents.unsqueeze(0), images[$"{one}.latents"], ofLatents, one.Name);
            SmallQwen.AssertImage(made, images[$"{one}.image"], ofImages);
        }

        foreach (PromptEncoding encoding in encodings)
        {
            encoding.Dispose();
        }
    }
}
